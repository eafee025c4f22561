public import EventSourcing
public import Testing

/// What every ``EventStore`` has to keep, as clauses that a test target runs on its own store:
///
/// ```swift
/// @Test(arguments: EventStoreContract.clauses)
/// func `keeps the contract`(_ clause: EventStoreContract.Clause) async throws {
///     try await clause.check(InMemoryEventStore())
/// }
/// ```
///
/// A clause writes to tenants of its own, so that all of them can run at once on one store.
public enum EventStoreContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (ContractFixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the store does otherwise.
        public func check(_ store: some EventStore) async throws {
            try await verify(ContractFixture(store: store))
        }
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] =
        appending + conflicts + repetition + severalStreams + commands + outcomes + sequences + recorded + reading + log
        + filters + queries + conditions + times + limits + tenancy
}
