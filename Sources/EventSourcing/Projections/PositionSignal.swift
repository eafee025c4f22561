import Dispatch
import Synchronization

/// How far something has come in the log, and those who wait for it to come further.
///
/// One signal tells a projection of new events at once; another tells those who want to read their own writes when
/// the projection has applied them.
public final class PositionSignal: Sendable {
    private struct Waiter {
        let position: Position
        /// Until when it waits; nil for as long as it takes.
        let deadline: ContinuousClock.Instant?
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State: ~Copyable {
        var position: Position
        var nextID: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
        /// Ticks as long as somebody waits with a deadline. One timer for all of them: for each its own would cost more
        /// than the waiting itself.
        var timer: SuspendableTimer?

        init(position: Position) { self.position = position }

        /// Those whom the condition is true of, who have waited longest first. They wait no longer.
        mutating func takeWaiters(where isTaken: (Waiter) -> Bool) -> [Waiter] {
            let taken = waiters.filter { isTaken($0.value) }.sorted { $0.key < $1.key }
            for (id, _) in taken { waiters[id] = nil }
            return taken.map(\.value)
        }
    }

    private let state: Mutex<State>
    /// As much later than its deadline a wait may end.
    private static let tick = Duration.milliseconds(20)

    public init(at position: Position = .start) {
        state = Mutex(State(position: position))
    }

    /// The furthest position that was announced.
    public var position: Position { state.withLock { $0.position } }

    /// Somebody waits for a position further on.
    var isAwaited: Bool { state.withLock { !$0.waiters.isEmpty } }

    /// Announces a position and wakes those who waited for it. A position behind the furthest one changes nothing.
    public func advance(to position: Position) {
        let reached = state.withLock { state in
            guard position > state.position else { return [Waiter]() }
            state.position = position
            return state.takeWaiters { $0.position <= position }
        }
        for waiter in reached { waiter.continuation.resume() }
    }

    /// Waits until the position is reached, without polling.
    ///
    /// - Parameter timeout: after which it gives up, up to 20 ms later.
    /// - Returns: whether it was reached before; at once when it already is.
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    public func wait(until position: Position, atMost timeout: Duration) async throws -> Bool {
        if self.position >= position { return true }
        guard timeout > .zero else { return false }
        let isReached = await wait(until: position, deadline: .now + timeout)
        try Task.checkCancellation()
        return isReached
    }

    /// Waits until the position is reached or `isOver` returns.
    func wait(until position: Position, unless isOver: @escaping @Sendable () async throws -> Void) async throws -> Bool
    {
        if self.position >= position { return true }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait(until: position, deadline: nil) }
            group.addTask {
                try await isOver()
                return false
            }
            defer { group.cancelAll() }
            let isReached = try await group.next()!
            try Task.checkCancellation()
            return isReached
        }
    }

    /// Waits until the position is reached, the deadline has passed or the task is cancelled; tells whether it was
    /// reached.
    private func wait(until position: Position, deadline: ContinuousClock.Instant?) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.position < position, !Task.isCancelled else { return false }
                    state.waiters[id] = Waiter(position: position, deadline: deadline, continuation: continuation)
                    if deadline != nil { startTimer(of: &state) }
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.continuation.resume()
        }
        return self.position >= position
    }

    private func startTimer(of state: inout State) {
        if state.timer == nil { state.timer = SuspendableTimer(every: Self.tick) { [weak self] in self?.expire() } }
        state.timer?.resume()
    }

    /// Wakes those whose time is over. The timer rests when nobody with a deadline is left.
    private func expire() {
        let now = ContinuousClock.now
        let late = state.withLock { state in
            let late = state.takeWaiters { $0.deadline.map { $0 <= now } ?? false }
            if !state.waiters.values.contains(where: { $0.deadline != nil }) { state.timer?.suspend() }
            return late
        }
        for waiter in late { waiter.continuation.resume() }
    }
}
