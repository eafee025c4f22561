import EventSourcing
import Synchronization

/// What waits for a batch, and what goes together into the next one. Pure: it knows neither tasks nor a database.
protocol BatchQueue<Item, Caller>: Sendable {
    associatedtype Item: Sendable
    associatedtype Caller: Sendable

    /// How many items wait.
    var count: Int { get }

    /// Lets an item wait.
    ///
    /// - Returns: false when too many wait already.
    mutating func add(_ item: Item, for caller: Caller) -> Bool

    /// Takes the next batch if there is room for one in flight; empty when there is none to take. A batch that was taken
    /// is to be finished.
    mutating func takeBatch() -> [Caller]

    /// Takes the room of a batch for an item that is just coming, if nothing waits and there is no need to let it wait.
    mutating func takeAtOnce() -> Bool

    /// Notes that a batch is no longer in flight.
    mutating func finish()

    /// Takes out the caller that `matches`; nil when it does not wait any more.
    mutating func remove(where matches: (Caller) -> Bool) -> Caller?
}

/// Joins the requests of concurrent callers into batches; see <doc:GroupCommit>.
///
/// There is no timer and no task of its own: of the callers whose requests make a batch the first one leads it. It runs
/// the batch, hands the others their answers, and passes on the lead of the next batch.
final class Batcher<Queue: BatchQueue, Answer: Sendable>: Sendable
where Queue.Caller == BatchWaiter<Queue.Item, Answer> {
    typealias Item = Queue.Item
    private typealias Waiter = BatchWaiter<Item, Answer>

    private struct State {
        var queue: Queue
        var nextID: UInt64 = 0
    }

    private let state: Mutex<State>
    private let run: @Sendable ([Item]) async throws -> [Result<Answer, any Error>]

    /// - Parameter run: runs a batch and answers its items, in their order; also when its task is cancelled, since a
    ///   leader's cancellation must not reach the items of the others.
    init(_ queue: Queue, run: @escaping @Sendable ([Item]) async throws -> [Result<Answer, any Error>]) {
        state = Mutex(State(queue: queue))
        self.run = run
    }

    /// How many items wait for a batch.
    var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Runs the item together with those of other callers.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before the item is in a batch, ``StoreOverloaded``
    ///   when too many wait already, and what the batch answers or throws.
    func callAsFunction(_ item: Item) async throws -> Answer {
        try Task.checkCancellation()
        if state.withLock({ $0.queue.takeAtOnce() }) { return try await lead([item], others: []).get() }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let turn = await withTaskCancellationHandler {
            await withCheckedContinuation { caller in enqueue(Waiter(id: id, item: item, caller: caller)) }
        } onCancel: {
            let waiter = state.withLock { $0.queue.remove { $0.id == id } }
            waiter?.caller.resume(returning: .done(.failure(CancellationError())))
        }
        switch turn {
        case .done(let answer): return try answer.get()
        case .lead(let batch): return try await lead(batch.map(\.item), others: batch.dropFirst()).get()
        }
    }

    private func enqueue(_ waiter: Waiter) {
        let (isAccepted, batch) = state.withLock { state in
            // Checked under the lock, as the removal by a cancellation that comes later.
            guard !Task.isCancelled else { return (false, [Waiter]()) }
            return (state.queue.add(waiter.item, for: waiter), state.queue.takeBatch())
        }
        if !isAccepted {
            let error: any Error = Task.isCancelled ? CancellationError() : StoreOverloaded()
            waiter.caller.resume(returning: .done(.failure(error)))
        }
        batch.first?.caller.resume(returning: .lead(batch))
    }

    /// Runs a batch, of which the first item is the caller's own, and wakes the others.
    private func lead(_ items: [Item], others: ArraySlice<Waiter>) async -> Result<Answer, any Error> {
        let answers = await answers(to: items)
        for (waiter, answer) in zip(others, answers.dropFirst()) { waiter.caller.resume(returning: .done(answer)) }
        // Who was woken may come again at once: let it join the next batch.
        if !others.isEmpty { await Task.yield() }
        let next = state.withLock { state in
            state.queue.finish()
            return state.queue.takeBatch()
        }
        next.first?.caller.resume(returning: .lead(next))
        return answers[0]
    }

    private func answers(to items: [Item]) async -> [Result<Answer, any Error>] {
        do {
            return try await run(items)
        } catch {
            return items.map { _ in .failure(error) }
        }
    }
}

/// An item of a batch, and the caller who waits for its answer.
struct BatchWaiter<Item: Sendable, Answer: Sendable>: Sendable {
    fileprivate let id: UInt64
    fileprivate let item: Item
    fileprivate let caller: CheckedContinuation<Turn, Never>

    /// What a caller is woken for.
    fileprivate enum Turn: Sendable {
        case lead([BatchWaiter])
        case done(Result<Answer, any Error>)
    }
}
