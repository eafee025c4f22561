import EventSourcing
import Synchronization

/// Counts what it is handed, as a sink and as a queue; hands jobs on to a queue, if there is one.
final class CountingSink: EventSink, JobQueue {
    let name: String
    let filter = LogFilter.all
    let total: Int
    let done = PositionSignal()
    private let queue: (any JobQueue)?
    private let count = Atomic(0)

    init(_ name: String, _ total: Int, into queue: (any JobQueue)? = nil) {
        self.name = name
        self.total = total
        self.queue = queue
    }

    func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
        note(deliveries.count)
        return deliveries.map { _ in .acknowledge }
    }

    func add(_ jobs: [Job]) async throws -> [JobOutcome] {
        let outcomes = try await queue?.add(jobs) ?? jobs.map { _ in .added }
        guard outcomes.allSatisfy({ $0 == .added }) else { throw WrongAnswer() }
        note(jobs.count)
        return outcomes
    }

    private func note(_ number: Int) {
        if count.add(number, ordering: .relaxed).newValue >= total { done.advance(to: Position(1)) }
    }
}
