import HTTPTypes
import Hummingbird
import Synchronization

/// Compresses answers for callers that accept gzip (RFC 9110, section 12.5.3): text whose size is known and large enough.
/// A stream of events has no size and is never held back.
struct CompressionMiddleware: RouterMiddleware {
    /// In bytes. An answer that fits one packet does not arrive sooner when it is smaller.
    static let least = 1024

    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // It varies as the answer would that is not sent (RFC 9110, section 15.4.5), however large that is.
        if response.status == .notModified { response.headers.varyByEncoding() }
        guard let size = response.headers[.contentLength].flatMap(Int.init), size >= Self.least,
            response.headers[.contentEncoding] == nil, Self.isText(response.headers[.contentType] ?? "")
        else { return response }
        response.headers.varyByEncoding()
        guard let accepted = request.headers[.acceptEncoding], Self.prefersGzip(WeightedList(accepted)) else {
            return response
        }
        // For HEAD as well, which the router makes of the answer to GET: the length is that of the compressed answer.
        let collected = CollectedBody()
        try await response.body.write(collected)
        guard let compressed = Gzip.compress(collected.buffer) else {
            response.body = .init(byteBuffer: collected.buffer)
            return response
        }
        response.body = .init(byteBuffer: compressed)
        response.headers[.contentEncoding] = "gzip"
        if let tag = response.headers[.eTag] { response.headers[.eTag] = EntityTag.compressed(tag) }
        return response
    }

    private static func isText(_ mediaType: String) -> Bool {
        let name = mediaType.prefix { $0 != ";" && $0 != " " }
        if name == "text/event-stream" { return false }
        return name.hasPrefix("text/") || name.hasSuffix("json") || name.hasSuffix("yaml")
    }

    /// Gzip is accepted, and not less welcome than the answer as it is.
    static func prefersGzip(_ accepted: WeightedList) -> Bool {
        guard let gzip = accepted.weight(of: "gzip", "x-gzip", "*"), gzip > 0 else { return false }
        return gzip >= accepted.weight(of: "identity") ?? 0
    }
}

extension HTTPFields {
    fileprivate mutating func varyByEncoding() {
        self[.vary] = self[.vary].map { "\($0), Accept-Encoding" } ?? "Accept-Encoding"
    }
}

/// A body in one piece.
private final class CollectedBody: ResponseBodyWriter {
    private let collected = Mutex(ByteBuffer())

    var buffer: ByteBuffer { collected.withLock(\.self) }

    func write(_ buffer: ByteBuffer) async throws { _ = collected.withLock { $0.writeImmutableBuffer(buffer) } }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
