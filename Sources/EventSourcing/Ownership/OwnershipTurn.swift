import ServiceLifecycle

/// A caller's turn at a resource: it comes once, and may be lost while the caller is at work.
///
/// It is what the implementations of ``Ownership`` have in common; whose turn it is they decide.
package final class OwnershipTurn: Sendable {
    package let resource: String
    /// Yields when the turn comes, and ends when it is lost.
    private let course: AsyncStream<Void>
    private let director: AsyncStream<Void>.Continuation

    package init(at resource: String) {
        self.resource = resource
        (course, director) = AsyncStream.makeStream()
    }

    /// Lets the turn come.
    package func grant() { director.yield() }

    /// Ends a turn that has come.
    package func lose() { director.finish() }

    /// Waits for the turn, though not into a graceful shutdown.
    ///
    /// - Throws: `CancellationError` when it was not waited for to the end; it may have come all the same.
    package func wait() async throws {
        let hasCome = await cancelWhenGracefulShutdown { [course] in await course.first { true } != nil }
        guard hasCome else { throw CancellationError() }
    }

    /// Runs `body` in the turn that has come, and cancels it when the turn is lost meanwhile.
    ///
    /// - Throws: ``OwnershipLost``, when the body has ended because of that; whatever the body throws.
    package func use<Answer: Sendable>(_ body: @Sendable () async throws -> Answer) async throws -> Answer {
        try await withoutActuallyEscaping(body) { body in
            await withTaskGroup(of: Ending<Answer>.self) { group in
                group.addTask {
                    do { return .done(.success(try await body())) } catch { return .done(.failure(error)) }
                }
                group.addTask { [course] in
                    for await _ in course {}
                    return Task.isCancelled ? .unwatched : .lost
                }
                var isLost = false
                for await ending in group {
                    switch ending {
                    case .done(let outcome):
                        group.cancelAll()
                        return isLost ? .failure(OwnershipLost(of: resource)) : outcome
                    case .lost:
                        group.cancelAll()
                        isLost = true
                    case .unwatched: break
                    }
                }
                return Outcome<Answer>.failure(CancellationError())
            }
        }.get()
    }

    private typealias Outcome<Success> = Result<Success, any Error>

    /// How one of the two has ended: the body, or who watches the turn.
    private enum Ending<Success: Sendable>: Sendable {
        case done(Outcome<Success>)
        case lost
        /// The caller's task was cancelled, and the body with it.
        case unwatched
    }
}
