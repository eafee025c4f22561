import Crypto
import EventSourcing
import HTTPTypes
import Hummingbird
import InvoicesApplication
import Synchronization

/// Has a write with an `Idempotency-Key` carried out once, and answered as the first time whenever it comes again.
///
/// The key is the id of the command; what it came to is kept with the events, in the same transaction. So the first
/// answer is given again after whatever has happened in between: other changes, a crash between commit and answer, or
/// another process that takes the repetition. A repetition that comes while the first request is still being handled
/// here is turned away until that is done; of two that are handled in two processes, the one that comes second to the
/// log gets the first one's answer.
final class IdempotencyMiddleware: RouterMiddleware {
    typealias Context = InvoicesRequestContext

    private struct Name: Hashable {
        let tenant: TenantID
        let key: String
    }

    private let tenant: TenantID
    private let inFlight = Mutex<Set<Name>>([])

    init(tenant: TenantID) { self.tenant = tenant }

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method != .get, request.method != .head, let value = request.headers[.idempotencyKey] else {
            return try await next(request, context)
        }
        guard let key = IdempotencyKey.text(in: value) else {
            throw Problem.invalidParameters([
                ProblemError(.header("Idempotency-Key"), .invalidIdempotencyKey, IdempotencyKey.expectation)
            ])
        }
        let name = Name(tenant: tenant, key: key)
        guard inFlight.withLock({ $0.insert(name).inserted }) else {
            throw Problem(.idempotencyKeyInFlight, headers: .retryAfter)
        }
        defer { inFlight.withLock { _ = $0.remove(name) } }
        var (request, context) = (request, context)
        let body = try await request.collectBody(upTo: RequestLimits.batchBodySize)
        context.command = try CommandKey(id: key, requestHash: Self.hash(of: request, body: [UInt8](buffer: body)))
        do {
            return try await next(request, context)
        } catch let refused as KeptRefusal {
            return Response(refused)
        }
    }

    /// The same for the same method, path and content, however that is laid out.
    private static func hash(of request: Request, body: [UInt8]) -> [UInt8] {
        // What is not JSON is refused before anything is decided.
        let content = (try? JSONParser.parse(body)).map { json in JSONWriter.bytes { $0.canonical(json) } } ?? body
        var hash = SHA256()
        hash.update(data: Array("\(request.method.rawValue) \(request.uri.path.lowercased())\n".utf8))
        hash.update(data: content)
        return Array(hash.finalize())
    }
}

extension Response {
    /// The problem that was kept, as it was first sent.
    fileprivate init(_ refused: KeptRefusal) {
        let kept = KeptProblem(reading: refused.refusal)
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if refused.isRepetition { headers[.idempotencyReplayed] = "true" }
        self.init(status: kept.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: kept.body)))
    }
}
