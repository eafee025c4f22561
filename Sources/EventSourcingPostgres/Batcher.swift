import EventSourcing
import LibPQ
import Synchronization

/// Joins the requests of concurrent callers into batches; see <doc:GroupCommit>.
///
/// There is no task of its own: of the callers whose requests make a batch the first one leads it. It runs the batch,
/// hands the others their answers, and passes on the lead of the next batch.
///
/// A caller waits no longer than a limit. Then, and when its task is cancelled, its item is taken out of the queue; a batch
/// that is under way is interrupted, and goes on without the item once it is certain that nothing of it was done.
final class Batcher<Queue: BatchQueue, Answer: Sendable>: Sendable
where Queue.Caller == BatchWaiter<Queue.Item, Answer> {
    typealias Item = Queue.Item
    private typealias Waiter = BatchWaiter<Item, Answer>
    private typealias Flight = BatchFlight<Item, Answer>

    private struct State: ~Copyable {
        var queue: Queue
        var flights: [Flight] = []
        var nextID: UInt64 = 0
        /// For all that wait: a timer for each would cost more than the waiting itself.
        var timer: DeadlineTimer?

        init(_ queue: Queue) { self.queue = queue }

        func index(of flight: UInt64) -> Int {
            guard let index = flights.firstIndex(where: { $0.id == flight }) else {
                preconditionFailure("a batch in flight is ended once, by its leader")
            }
            return index
        }
    }

    private let state: Mutex<State>
    private let timeout: Duration
    private let run: @Sendable ([Item], BatchBounds) async throws -> [Result<Answer, any Error>]

    /// - Parameters:
    ///   - timeout: how long a caller waits.
    ///   - run: runs a batch and answers its items, in their order; also when its task is cancelled, since a leader's
    ///     cancellation must not reach the items of the others. It throws ``BatchGivenUp`` when nothing was done.
    init(
        _ queue: Queue, timeout: Duration = .seconds(10),
        run: @escaping @Sendable ([Item], BatchBounds) async throws -> [Result<Answer, any Error>]
    ) {
        state = Mutex(State(queue))
        self.timeout = timeout
        self.run = run
    }

    /// How many items wait for a batch.
    var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Runs the item together with those of other callers.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before the item was done, ``StoreTimedOut`` when that
    ///   took too long, ``StoreOverloaded`` when too many wait already, and what the batch answers or throws.
    func callAsFunction(_ item: Item) async throws -> Answer {
        try Task.checkCancellation()
        let deadline = ContinuousClock.now + timeout
        let (id, isLeader) = state.withLock { state in
            state.nextID += 1
            guard state.queue.takeAtOnce() else { return (state.nextID, false) }
            begin([Waiter(id: state.nextID, item: item, deadline: deadline, caller: nil)], in: &state)
            return (state.nextID, true)
        }
        return try await withTaskCancellationHandler {
            if isLeader { return try await lead(id).get() }
            let turn = await withCheckedContinuation { caller in
                enqueue(Waiter(id: id, item: item, deadline: deadline, caller: caller))
            }
            switch turn {
            case .done(let answer): return try answer.get()
            case .lead: return try await lead(id).get()
            }
        } onCancel: {
            leave(id)
        }
    }

    private func enqueue(_ waiter: Waiter) {
        let (refusal, leader) = state.withLock { state -> ((any Error)?, Waiter?) in
            // Checked under the lock, as the removal by a cancellation that comes later.
            guard !Task.isCancelled else { return (CancellationError(), nil) }
            guard state.queue.add(waiter.item, for: waiter) else { return (StoreOverloaded(), nil) }
            schedule(waiter.deadline, in: &state)
            return (nil, beginNext(in: &state))
        }
        if let refusal { waiter.resume(.failure(refusal)) }
        leader?.lead()
    }

    /// Takes the next batch.
    ///
    /// - Returns: who is to be told to lead it; nil when there is none to take.
    private func beginNext(in state: inout State) -> Waiter? {
        let batch = state.queue.takeBatch()
        if !batch.isEmpty { begin(batch, in: &state) }
        return batch.first
    }

    private func begin(_ batch: [Waiter], in state: inout State) {
        let flight = Flight(batch, at: .now)
        state.flights.append(flight)
        schedule(flight.nextDeadline, in: &state)
    }
}

// MARK: - Leading

extension Batcher {
    /// Runs the batch that the caller leads, until it is answered or goes on without the caller.
    private func lead(_ id: UInt64) async -> Result<Answer, any Error> {
        var failure: BatchGivenUp?
        while true {
            let flight: Flight
            switch dismiss(from: id, after: failure) {
            case .goOn(let remaining): flight = remaining
            case .leave(let error): return .failure(error)
            }
            do {
                return await finish(flight, try await run(flight.waiters.map(\.item), flight.bounds))
            } catch let error as BatchGivenUp {
                failure = error
            } catch {
                return await finish(flight, flight.waiters.map { _ in .failure(error) })
            }
        }
    }

    private enum Continuation {
        case goOn(Flight)
        /// This caller is not in the batch that it leads: this is its own answer.
        case leave(any Error)
    }

    /// Answers those callers of a batch who wait no longer, while nothing is under way. Without its leader the others go
    /// back to the queue.
    private func dismiss(from id: UInt64, after failure: BatchGivenUp?) -> Continuation {
        let (result, dismissed, next) = state.withLock { state in
            let index = state.index(of: id)
            let dismissed = state.flights[index].dismiss(after: failure, at: .now)
            let leadersError = dismissed.first { $0.waiter.id == id }?.error
            guard let leadersError else {
                return (Continuation.goOn(state.flights[index]), dismissed, nil as Waiter?)
            }
            let flight = state.flights.remove(at: index)
            state.queue.putBack(flight.waiters.map { ($0.item, $0) })
            state.queue.finish()
            return (.leave(leadersError), dismissed, beginNext(in: &state))
        }
        for (waiter, error) in dismissed where waiter.id != id { waiter.resume(.failure(error)) }
        next?.lead()
        return result
    }

    /// Hands the others of a batch their answers, and begins the next one.
    private func finish(_ flight: Flight, _ answers: [Result<Answer, any Error>]) async -> Result<Answer, any Error> {
        let others = flight.waiters.dropFirst()
        for (waiter, answer) in zip(others, answers.dropFirst()) { waiter.resume(answer) }
        // Those who were just resumed may call again at once: let them join the next batch.
        if !others.isEmpty { await Task.yield() }
        let next = state.withLock { state in
            state.flights.remove(at: state.index(of: flight.id))
            state.queue.finish()
            return beginNext(in: &state)
        }
        next?.lead()
        return answers[0]
    }
}

// MARK: - Waiting no longer

extension Batcher {
    /// The caller's task is cancelled.
    private func leave(_ id: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            if let waiter = state.queue.remove(where: { $0.id == id }) { return waiter }
            guard let index = state.flights.firstIndex(where: { $0.holds(id) }) else { return nil }
            state.flights[index].leave(id)
            schedule(state.flights[index].nextDeadline, in: &state)
            return nil
        }
        waiter?.resume(.failure(CancellationError()))
    }

    private func schedule(_ deadline: ContinuousClock.Instant, in state: inout State) {
        if state.timer == nil { state.timer = DeadlineTimer { [weak self] in self?.expire() } }
        state.timer?.schedule(deadline)
    }

    /// Answers those in the queue who have waited long enough, and interrupts the batches of others.
    private func expire() {
        let now = ContinuousClock.now
        let (late, interruptions) = state.withLock { state in
            state.timer?.fired()
            let late = state.queue.removeAll { $0.deadline <= now }
            let due = state.flights.filter { $0.nextDeadline <= now }
            var next = state.flights.lazy.map(\.nextDeadline).filter { $0 > now }.min()
            // A request to cancel can get lost, or arrive before what it is to cancel.
            if !due.isEmpty { next = min(next ?? .now + .seconds(1), now + .seconds(1)) }
            if let waiting = state.queue.callers.lazy.map(\.deadline).min() { next = min(next ?? waiting, waiting) }
            if let next { schedule(next, in: &state) }
            return (late, due.map(\.bounds.interruption))
        }
        for waiter in late { waiter.resume(.failure(StoreTimedOut())) }
        for interruption in interruptions { interruption.raise() }
    }
}
