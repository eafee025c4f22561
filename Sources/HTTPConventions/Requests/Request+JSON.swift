package import EventSourcing
package import HTTPTypes
package import Hummingbird

/// What a body in JSON is declared as.
package enum BodyType: String {
    case json = "application/json"
    /// A merge patch (RFC 7396).
    case mergePatch = "application/merge-patch+json"
}

extension Request {
    /// The body as JSON; nil when there is none.
    ///
    /// - Parameters:
    ///   - types: what it may be declared as.
    ///   - size: the most bytes that it may have.
    /// - Throws: when it is too large, is not declared as JSON, or is none.
    package func json(
        as types: [BodyType] = [.json], upTo size: Int = RequestLimits.bodySize
    ) async throws -> JSON? {
        try checkSize(atMost: size)
        if announcesBody { try checkMediaType(isOneOf: types) }
        let bytes = [UInt8](buffer: try await body(upTo: size))
        guard !bytes.isEmpty else { return nil }
        if !announcesBody { try checkMediaType(isOneOf: types) }
        return try JSONParser.parse(bytes)
    }

    /// The body, in one piece. One whose length is stated and is too large is refused without being read.
    ///
    /// - Parameter size: the most bytes that it may have.
    package func body(upTo size: Int) async throws -> ByteBuffer {
        try checkSize(atMost: size)
        do {
            return try await body.collect(upTo: size)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw Problem.tooLarge(size)
        }
    }

    private func checkSize(atMost size: Int) throws(Problem) {
        guard let length = contentLength, length > size else { return }
        throw .tooLarge(size)
    }

    /// Whether the headers say that there is a body with something in it. Only reading tells, where it has no length.
    private var announcesBody: Bool {
        contentLength.map { $0 > 0 } ?? (headers[.transferEncoding] != nil && headers[.expect] != nil)
    }

    private var contentLength: Int? { headers[.contentLength].map { Int(contentLength: $0) } }

    private func checkMediaType(isOneOf types: [BodyType]) throws(Problem) {
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType, "The body is compressed as \(encoding.prefix(100)). Send it as it is.",
                headers: [.acceptEncoding: "identity"])
        }
        let declared = headers[.contentType] ?? ""
        // As nearly all clients write it.
        if declared == BodyType.json.rawValue, types.contains(.json) { return }
        let type = declared.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        guard BodyType(rawValue: type.lowercased()).map(types.contains) != true else { return }
        let found = declared.isEmpty ? "has no media type" : "is declared as \(type.prefix(100))"
        throw Problem(.unsupportedMediaType, "The body \(found). \(ProblemKind.unsupportedMediaType.advice)")
    }
}

extension Int {
    /// The value of a `Content-Length` that the parser has accepted, which may be more than any integer here.
    init(contentLength text: String) { self = Int(text) ?? .max }
}

extension Problem {
    fileprivate static func tooLarge(_ size: Int) -> Problem { Problem(.bodyTooLarge, "Send at most \(size) bytes.") }
}

extension Response {
    /// An answer in JSON.
    ///
    /// - Parameters:
    ///   - subject: what its `ETag` is about; nil for an answer without one.
    ///   - capacity: an estimate of its size in bytes.
    package static func json(
        _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], tagged subject: EntityTag.Subject? = nil,
        capacity: Int = 512, _ write: (inout JSONWriter) -> Void
    ) -> Response {
        let bytes = JSONWriter.bytes(capacity: capacity, write)
        var headers = headers
        if let subject { headers[.eTag] = subject.tag(of: bytes) }
        return json(bytes, status, headers: headers)
    }

    /// An answer in JSON that is written already.
    package static func json(
        _ bytes: [UInt8], _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
