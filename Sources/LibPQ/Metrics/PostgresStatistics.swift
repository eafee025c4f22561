import Synchronization

/// What a client has sent since it was made, for tests, benchmarks and metrics: the figures do not depend on the machine.
///
/// Take the difference of two snapshots:
/// ```swift
/// let before = client.statistics
/// try await client.execute(atomically: calls)
/// let spent = client.statistics - before   // 1 trip, 1 transaction, a statement for each call
/// ```
/// What a connection sends for its own sake is no trip: signs of life, `LISTEN`, the cleaning of a lease.
public struct PostgresStatistics: Hashable, Sendable {
    /// Exchanges with the server: groups of statements that ended with a Sync, and simple queries (scripts, `COPY`).
    /// A batch of reads is one, and so are statements that travel together.
    public var trips = 0
    /// Statements that were sent, `BEGIN` and `COMMIT` among them. A script counts as one.
    public var statements = 0
    /// Transactions that the server began for them: one for each batch of reads, write, atomic group and explicit
    /// transaction.
    public var transactions = 0
    /// Groups that connections sent for their own sake.
    public var housekeeping = 0
    /// How often the client's thread woke up.
    public var wakeups = 0

    /// Nothing was sent yet.
    public init() {}

    /// What was sent between two looks at it.
    public static func - (later: Self, earlier: Self) -> Self {
        var difference = Self()
        difference.trips = later.trips - earlier.trips
        difference.statements = later.statements - earlier.statements
        difference.transactions = later.transactions - earlier.transactions
        difference.housekeeping = later.housekeeping - earlier.housekeeping
        difference.wakeups = later.wakeups - earlier.wakeups
        return difference
    }
}

extension PostgresClient {
    /// What the client has sent so far. Each figure is exact; they are not read at one moment.
    public var statistics: PostgresStatistics { mailbox.counters.snapshot }
}

/// Counts what a client sends. Only the poller's thread writes, so that counting costs a load and a store.
final class ClientCounters: Sendable {
    private let trips = Atomic(0)
    private let statements = Atomic(0)
    private let transactions = Atomic(0)
    private let housekeeping = Atomic(0)
    private let wakeups = Atomic(0)

    var snapshot: PostgresStatistics {
        var statistics = PostgresStatistics()
        statistics.trips = trips.load(ordering: .relaxed)
        statistics.statements = statements.load(ordering: .relaxed)
        statistics.transactions = transactions.load(ordering: .relaxed)
        statistics.housekeeping = housekeeping.load(ordering: .relaxed)
        statistics.wakeups = wakeups.load(ordering: .relaxed)
        return statistics
    }

    func countTrip(statements count: Int, transactions begun: Int) {
        Self.add(1, to: trips)
        Self.add(count, to: statements)
        Self.add(begun, to: transactions)
    }

    func countHousekeeping() { Self.add(1, to: housekeeping) }

    func countWakeup() { Self.add(1, to: wakeups) }

    private static func add(_ number: Int, to counter: borrowing Atomic<Int>) {
        counter.store(counter.load(ordering: .relaxed) + number, ordering: .relaxed)
    }
}
