import HTTPTypes
import Hummingbird

/// A problem as it is stored with the command that was refused, to be replayed: the status in two bytes, then the body.
package struct StoredProblem: Hashable, Sendable {
    package let bytes: [UInt8]

    /// - Parameter bytes: what ``bytes`` was when the problem was stored.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter correlationID: of the request that is refused.
    package init(_ problem: Problem, correlationID: String) {
        let (head, body) = problem.parts(correlationID: correlationID)
        bytes = UInt16(head.status.code).bigEndianBytes + body
    }

    /// The answer that was sent the first time.
    ///
    /// - Parameter isRepetition: whether the command had been refused before.
    func response(isRepetition: Bool) -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if isRepetition { headers[.idempotencyReplayed] = "true" }
        return Response(
            status: HTTPResponse.Status(code: Int(UInt16(bigEndianBytes: bytes.prefix(2)))), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes.dropFirst(2))))
    }
}
