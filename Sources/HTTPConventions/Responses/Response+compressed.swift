import HTTPTypes
import Hummingbird
import Synchronization

extension Response {
    /// From how many bytes on an answer is compressed. One that fits one packet does not arrive sooner when it is smaller.
    private static let leastCompressed = 1024

    /// Compresses the answer if the caller accepts gzip (RFC 9110, section 12.5.3): text whose size is known and large
    /// enough. A stream of events has no size, and is never held back.
    mutating func compress(for request: Request) async throws {
        // A 304 varies as the answer would that it stands for (RFC 9110, section 15.4.5), however large that is.
        if status == .notModified { headers.varyByEncoding() }
        guard let size = body.contentLength, size >= Self.leastCompressed, headers[.contentEncoding] == nil,
            Self.isText(headers[.contentType] ?? "")
        else { return }
        headers.varyByEncoding()
        guard let accepted = request.headers[.acceptEncoding], WeightedList(accepted).prefersGzip else { return }
        // The answer to HEAD is compressed as well: its length is that of the answer to GET.
        let collected = CollectedBody()
        try await body.write(collected)
        guard let compressed = Gzip.compress(collected.buffer) else {
            body = ResponseBody(byteBuffer: collected.buffer)
            return
        }
        body = ResponseBody(byteBuffer: compressed)
        headers[.contentEncoding] = "gzip"
        if let tag = headers[.eTag] { headers[.eTag] = EntityTag.compressed(tag) }
    }

    private static func isText(_ mediaType: String) -> Bool {
        let name = mediaType.prefix { $0 != ";" && $0 != " " }
        if name == "text/event-stream" { return false }
        return name.hasPrefix("text/") || name.hasSuffix("json") || name.hasSuffix("yaml")
    }
}

extension WeightedList {
    /// Whether gzip is accepted, and not less welcome than the answer as it is.
    var prefersGzip: Bool {
        guard let gzip = weight(of: "gzip", "x-gzip", "*"), gzip > 0 else { return false }
        return gzip >= weight(of: "identity") ?? 0
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
