public import EventSourcing
public import Testing

/// What every ``SubscriptionStore`` and its ``SubscriptionAdministration`` have to keep, as clauses; see
/// ``EventStoreContract``.
public enum SubscriptionStoreContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (SubscriptionFixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the store does otherwise.
        public func check(
            _ store: some SubscriptionStore, administration: some SubscriptionAdministration, on events: some EventStore
        ) async throws {
            try await verify(SubscriptionFixture(events: events, store: store, administration: administration))
        }
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = groups + order + failures + timeouts + parking + stopping + places
}
