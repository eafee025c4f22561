import EventSourcing
import Synchronization

/// Joins the appends of concurrent callers into batches that commit together; see <doc:GroupCommit>.
///
/// There is no timer and no task of its own: of the callers whose appends make a batch the first one leads it. It runs
/// the batch, hands the others their outcomes, and passes on the lead of the next batch.
final class GroupCommit: Sendable {
    /// An append, and the caller who waits for it.
    private struct Waiter: Sendable {
        let id: UInt64
        let append: Append
        let caller: CheckedContinuation<Turn, Never>
    }

    /// What a caller is woken for.
    private enum Turn: Sendable {
        case lead([Waiter])
        case done(Result<AppendOutcome, any Error>)
    }

    private struct State {
        var queue: AppendQueue<Waiter>
        var nextID: UInt64 = 0
    }

    private let state: Mutex<State>
    private let commit: @Sendable ([Append]) async throws -> [Result<AppendOutcome, any Error>]

    /// - Parameter commit: commits a batch and answers with the outcomes of its appends, in their order.
    init(
        limits: AppendLimits.Batches = AppendLimits.Batches(),
        commit: @escaping @Sendable ([Append]) async throws -> [Result<AppendOutcome, any Error>]
    ) {
        state = Mutex(State(queue: AppendQueue(limits: limits)))
        self.commit = commit
    }

    /// How many appends wait for a batch.
    var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Commits the append together with those of other callers.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before the append is in a batch, ``StoreOverloaded``
    ///   when too many wait already, and what the commit answers or throws.
    func append(_ append: Append) async throws -> AppendOutcome {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let turn = await withTaskCancellationHandler {
            await withCheckedContinuation { caller in enqueue(Waiter(id: id, append: append, caller: caller)) }
        } onCancel: {
            let waiter = state.withLock { $0.queue.remove { $0.id == id } }
            waiter?.caller.resume(returning: .done(.failure(CancellationError())))
        }
        switch turn {
        case .done(let outcome): return try outcome.get()
        case .lead(let batch): return try await lead(batch).get()
        }
    }

    private func enqueue(_ waiter: Waiter) {
        let (isAccepted, batch) = state.withLock { state in
            // Checked under the lock, as the removal by a cancellation that comes later.
            guard !Task.isCancelled else { return (false, [Waiter]()) }
            return (state.queue.add(waiter.append, for: waiter), state.queue.takeBatch())
        }
        if !isAccepted {
            let error: any Error = Task.isCancelled ? CancellationError() : StoreOverloaded()
            waiter.caller.resume(returning: .done(.failure(error)))
        }
        batch.first?.caller.resume(returning: .lead(batch))
    }

    /// Runs a batch, of which the first append is the caller's own, and wakes the others.
    private func lead(_ batch: [Waiter]) async -> Result<AppendOutcome, any Error> {
        let outcomes = await outcomes(of: batch.map(\.append))
        let next = state.withLock { state in
            state.queue.finish()
            return state.queue.takeBatch()
        }
        next.first?.caller.resume(returning: .lead(next))
        for (waiter, outcome) in zip(batch, outcomes).dropFirst() { waiter.caller.resume(returning: .done(outcome)) }
        return outcomes[0]
    }

    /// Commits in a task that is awaited here: the leader's cancellation must not reach the appends of the others.
    private func outcomes(of appends: [Append]) async -> [Result<AppendOutcome, any Error>] {
        let outcome = await Task { try await commit(appends) }.result
        switch outcome {
        case .success(let outcomes): return outcomes
        case .failure(let error): return appends.map { _ in .failure(error) }
        }
    }
}
