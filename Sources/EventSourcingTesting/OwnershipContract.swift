public import EventSourcing
import FoundationEssentials
import Synchronization
public import Testing

/// What every ``Ownership`` has to keep, as clauses; see ``EventStoreContract``.
public enum OwnershipContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (Fixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the ownership does otherwise.
        ///
        /// - Parameters:
        ///   - first: and `second` are those of two processes that compete, or twice the same one.
        ///   - revoke: takes a resource from its owner, as a cut connection does.
        public func check(
            _ first: some Ownership, _ second: some Ownership,
            revoking revoke: @escaping @Sendable (String) async throws -> Void
        ) async throws {
            let resource = "contract \(UUID())"
            try await verify(
                Fixture(first: first, second: second, resource: resource) { try await revoke(resource) })
        }
    }

    /// Two candidates, and what they compete for.
    struct Fixture: Sendable {
        let first: any Ownership
        let second: any Ownership
        let resource: String
        /// Takes the resource from its owner.
        let revoke: @Sendable () async throws -> Void
    }

    /// What a body fails with.
    struct BodyFailed: Error {}

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = exclusion + endings
}

/// Something that happens once, and that others wait for.
struct Milestone: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func reach() { continuation.finish() }

    /// Waits until it is reached, or the task is cancelled.
    func wait() async { for await _ in stream {} }
}

/// What happened, in order.
final class Journal: Sendable {
    private let entries = Mutex<[String]>([])

    var notes: [String] { entries.withLock { $0 } }

    func note(_ entry: String) { entries.withLock { $0.append(entry) } }
}
