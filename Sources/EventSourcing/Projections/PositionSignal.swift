import Synchronization

/// The furthest position of the log that something has reached, and the tasks that wait for a further one.
///
/// One signal tells a projection of new events at once. Another one resumes the callers that want to read their own writes
/// when the projection has applied them.
public final class PositionSignal: Sendable {
    private struct Waiter {
        let position: Position
        /// Nil: it waits without a limit.
        let deadline: ContinuousClock.Instant?
        let continuation: CheckedContinuation<Void, Never>
    }

    /// What a signal counts of itself, see ``counter(of:)``.
    private enum Occurrence {
        case wait
        case invalidation
    }

    private struct State: ~Copyable {
        var position: Position
        var nextID: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
        /// For all waiters with a deadline: a timer for each would cost more than the waiting itself.
        var timer: DeadlineTimer?
        var counters: [Occurrence: PositionSignal] = [:]

        init(position: Position) { self.position = position }

        /// Removes the waiters that meet a condition. The one that has waited longest comes first.
        mutating func takeWaiters(where isTaken: (Waiter) -> Bool) -> [Waiter] {
            let taken = waiters.filter { isTaken($0.value) }.sorted { $0.key < $1.key }
            for (id, _) in taken { waiters[id] = nil }
            return taken.map(\.value)
        }
    }

    private let state: Mutex<State>

    /// Starts at a position that is known to be reached.
    public init(at position: Position = .start) {
        state = Mutex(State(position: position))
    }

    /// The furthest position that was announced.
    public var position: Position { state.withLock { $0.position } }

    /// Announces a position and resumes the tasks that wait for it. A position before the furthest one changes nothing.
    public func advance(to position: Position) {
        let reached = state.withLock { state in
            guard position > state.position else { return [Waiter]() }
            state.position = position
            return state.takeWaiters { $0.position <= position }
        }
        for waiter in reached { waiter.continuation.resume() }
    }

    /// Takes back what was announced beyond a position. Tasks that were resumed for it are not told.
    func retreat(to position: Position) {
        state.withLock { $0.position = min($0.position, position) }
    }

    /// Takes back everything that was announced: it may be lost, and has to be read again where it is stored. A task that
    /// was resumed for it sees by `invalidations` that it may no longer be true.
    public func invalidate() {
        let invalidations = invalidations
        // In this order: a task that sees the new count does not see the old position.
        state.withLock { $0.position = .start }
        invalidations.increment()
    }

    private func increment() { advance(to: Position(position.rawValue + 1)) }

    /// Waits until the position is reached, without polling.
    ///
    /// - Parameter timeout: after which it gives up, up to 20 ms later.
    /// - Returns: whether it was reached before; at once when it already is.
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    public func wait(until position: Position, atMost timeout: Duration) async throws -> Bool {
        if self.position >= position { return true }
        guard timeout > .zero else { return false }
        await wait(until: position, deadline: .now + timeout, nil)
        try Task.checkCancellation()
        return self.position >= position
    }

    /// Waits until the position is reached or the wait is interrupted.
    func wait(until position: Position, unless interruption: WaitInterruption) async throws -> Bool {
        if self.position >= position { return true }
        await wait(until: position, deadline: nil, interruption)
        interruption.disarm()
        try Task.checkCancellation()
        return self.position >= position
    }

    /// Waits until the position is reached, the deadline has passed, the wait is interrupted or the task is cancelled.
    private func wait(
        until position: Position, deadline: ContinuousClock.Instant?, _ interruption: WaitInterruption?
    ) async {
        let (id, waits) = state.withLock { state in
            state.nextID += 1
            return (state.nextID, state.counters[.wait])
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard state.position < position, !Task.isCancelled else { return false }
                    state.waiters[id] = Waiter(position: position, deadline: deadline, continuation: continuation)
                    if let deadline { schedule(deadline, in: &state) }
                    return true
                }
                guard isWaiting else { return continuation.resume() }
                interruption?.arm { self.dismiss(id) }
                waits?.increment()
            }
        } onCancel: {
            dismiss(id)
        }
    }

    private func dismiss(_ id: UInt64) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
        waiter?.continuation.resume()
    }

    private func schedule(_ deadline: ContinuousClock.Instant, in state: inout State) {
        if state.timer == nil { state.timer = DeadlineTimer { [weak self] in self?.expire() } }
        state.timer?.schedule(deadline)
    }

    /// Resumes the waiters whose deadline has passed.
    private func expire() {
        let now = ContinuousClock.now
        let late = state.withLock { state in
            state.timer?.fired()
            let late = state.takeWaiters { $0.deadline.map { $0 <= now } ?? false }
            if let next = state.waiters.values.lazy.compactMap(\.deadline).min() { schedule(next, in: &state) }
            return late
        }
        for waiter in late { waiter.continuation.resume() }
    }
}

extension PositionSignal {
    /// Whether a task waits for a further position.
    var isAwaited: Bool { state.withLock { !$0.waiters.isEmpty } }

    /// Advances by one whenever a task begins to wait.
    var waits: PositionSignal { counter(of: .wait) }

    /// Advances by one with every ``invalidate()``.
    var invalidations: PositionSignal { counter(of: .invalidation) }

    private func counter(of occurrence: Occurrence) -> PositionSignal {
        state.withLock { state in
            if let counter = state.counters[occurrence] { return counter }
            let counter = PositionSignal()
            state.counters[occurrence] = counter
            return counter
        }
    }
}
