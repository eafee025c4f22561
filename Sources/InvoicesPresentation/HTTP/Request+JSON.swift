import HTTPTypes
import Hummingbird

extension Request {
    /// The body as JSON; nil when there is none.
    ///
    /// - Throws: when it is too large, is not declared as JSON, or is none.
    func json() async throws -> JSON? {
        let bytes = [UInt8](buffer: try await body.collect(upTo: RequestLimits.bodySize))
        guard !bytes.isEmpty else { return nil }
        try checkMediaType()
        return try JSONParser.parse(bytes)
    }

    private func checkMediaType() throws(Problem) {
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType, "The body is compressed as \(encoding.prefix(100)). Send it as it is.",
                headers: [.acceptEncoding: "identity"])
        }
        let declared = headers[.contentType] ?? ""
        let type = declared.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        guard type.lowercased() != "application/json" else { return }
        let found = declared.isEmpty ? "has no media type" : "is declared as \(type.prefix(100))"
        throw Problem(.unsupportedMediaType, "The body \(found). \(ProblemKind.unsupportedMediaType.advice)")
    }
}

extension Response {
    /// An answer in JSON.
    static func json(
        _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], _ write: (inout JSONWriter) -> Void
    ) -> Response {
        json(JSONWriter.bytes(write), status, headers: headers)
    }

    /// An answer in JSON that is written already.
    static func json(
        _ bytes: [UInt8], _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
