package import EventSourcing
import HTTPTypes
package import Hummingbird
import Synchronization

/// Executes a write with an `Idempotency-Key` once, and answers every repetition as the first time.
///
/// The key is the id of the command, whose outcome is stored with the events in the same transaction. So the first answer
/// is replayed whatever has happened since: other changes, a crash between commit and answer, or a repetition that
/// reaches another process. A repetition that arrives while this process still handles the first request is refused until
/// that is done. Of two requests that two processes handle, the second to reach the log gets the answer of the first.
package final class IdempotencyMiddleware: RouterMiddleware {
    package typealias Context = APIRequestContext

    /// A refusal that is stored with its command.
    package typealias StoredRefusal = (problem: StoredProblem, isRepetition: Bool)

    private struct Name: Hashable {
        let tenant: TenantID
        let key: String
    }

    private let tenant: TenantID
    private let storedRefusal: @Sendable (any Error) -> StoredRefusal?
    private let inFlight = Mutex<Set<Name>>([])

    /// - Parameters:
    ///   - tenant: whose keys these are.
    ///   - storedRefusal: the refusal that an error of the context carries; nil for any other error.
    package init(tenant: TenantID, storedRefusal: @escaping @Sendable (any Error) -> StoredRefusal?) {
        self.tenant = tenant
        self.storedRefusal = storedRefusal
    }

    package func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !request.isRead, let value = request.headers[.idempotencyKey] else {
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
        var context = context
        context.idempotencyKey = key
        do {
            return try await next(request, context)
        } catch {
            guard let (problem, isRepetition) = storedRefusal(error) else { throw error }
            return problem.response(isRepetition: isRepetition)
        }
    }
}
