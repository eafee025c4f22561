import EventSourcing
import LibPQ

/// An item of a batch, and the caller who waits for its answer.
struct BatchWaiter<Item: Sendable, Answer: Sendable>: Sendable {
    let id: UInt64
    let item: Item
    /// How long the caller waits.
    let deadline: ContinuousClock.Instant
    /// Nil for a caller who has never waited.
    let caller: CheckedContinuation<Turn, Never>?

    /// What a caller is resumed for.
    enum Turn: Sendable {
        case lead
        case done(Result<Answer, any Error>)
    }

    func resume(_ answer: Result<Answer, any Error>) { caller?.resume(returning: .done(answer)) }

    func lead() { caller?.resume(returning: .lead) }
}

/// A batch that was taken from the queue. The first of its callers leads it.
struct BatchFlight<Item: Sendable, Answer: Sendable>: Sendable {
    typealias Waiter = BatchWaiter<Item, Answer>
    typealias Instant = ContinuousClock.Instant

    /// Such a batch waits for something: it is interrupted when one of its callers has left. One that is young is not, or
    /// callers who come and leave could keep the others from getting anywhere.
    private static var interruptionAge: Duration { .milliseconds(250) }
    /// A caller whose time is over so soon is not kept waiting for another attempt.
    private static var shortestAttempt: Duration { .milliseconds(100) }
    /// How often a batch is tried again that was given up though all of its callers still wait.
    private static var retryLimit: Int { 2 }

    private(set) var waiters: [Waiter]
    private let takenAt: Instant
    private var left: Set<UInt64> = []
    private var retries = 0
    private let interruption = PostgresInterruption()

    init(_ waiters: [Waiter], at now: Instant) {
        self.waiters = waiters
        takenAt = now
    }

    /// That of its leader.
    var id: UInt64 { waiters[0].id }

    var bounds: BatchBounds { BatchBounds(deadline: firstDeadline, interruption: interruption) }

    private var firstDeadline: Instant { waiters.reduce(waiters[0].deadline) { min($0, $1.deadline) } }

    /// When it has to be interrupted, for the sake of those who wait no longer.
    var nextDeadline: Instant {
        left.isEmpty ? firstDeadline : min(firstDeadline, takenAt + Self.interruptionAge)
    }

    func holds(_ id: UInt64) -> Bool { waiters.contains { $0.id == id } }

    /// Records that a caller no longer waits.
    mutating func leave(_ id: UInt64) { left.insert(id) }

    /// Takes out the callers who wait no longer, with what to tell them. Only while nothing is under way.
    ///
    /// - Parameter failure: why it was given up; nil before the first attempt.
    mutating func dismiss(after failure: BatchGivenUp?, at now: Instant) -> [(waiter: Waiter, error: any Error)] {
        guard failure != nil || !left.isEmpty else { return [] }
        let attemptEnd = now + Self.shortestAttempt
        func hasEnded(_ waiter: Waiter) -> Bool {
            left.contains(waiter.id) || failure != nil && waiter.deadline <= attemptEnd
        }
        var dismissed = waiters.filter(hasEnded)
        if dismissed.isEmpty {
            retries += 1
            if retries > Self.retryLimit { dismissed = waiters }
        }
        let ids = Set(dismissed.map(\.id))
        waiters.removeAll { ids.contains($0.id) }
        defer { left.removeAll() }
        return dismissed.map { waiter in
            (waiter, left.contains(waiter.id) ? CancellationError() : StoreTimedOut(failure?.underlying))
        }
    }
}
