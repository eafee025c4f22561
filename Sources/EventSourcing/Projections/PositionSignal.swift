import Synchronization

/// How far something has come in the log, and those who wait for it to come further.
///
/// One signal tells a projection of new events at once; another tells those who want to read their own writes when
/// the projection has applied them.
public final class PositionSignal: Sendable {
    private struct Waiter {
        let position: Position
        let deadline: ContinuousClock.Instant?
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var position: Position
        var nextID: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
        /// When it is looked for waiters whose time is over; nil when nobody will look.
        var nextLook: ContinuousClock.Instant?
    }

    private let state: Mutex<State>

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
            let reached = state.waiters.filter { $0.value.position <= position }.sorted { $0.key < $1.key }
            for (id, _) in reached { state.waiters[id] = nil }
            return reached.map(\.value)
        }
        for waiter in reached { waiter.continuation.resume() }
    }

    /// Waits until the position is reached, without polling.
    ///
    /// - Returns: whether it was reached before `timeout` had passed; at once when it already is.
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    public func wait(until position: Position, atMost timeout: Duration) async throws -> Bool {
        if self.position >= position { return true }
        let isReached = await wait(until: position, before: .now + timeout)
        try Task.checkCancellation()
        return isReached
    }

    /// Waits until the position is reached or `isOver` returns.
    func wait(until position: Position, unless isOver: @escaping @Sendable () async throws -> Void) async throws -> Bool
    {
        if self.position >= position { return true }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait(until: position, before: nil) }
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

    /// Waits until the position is reached, the time is over or the task is cancelled; tells whether it was reached.
    private func wait(until position: Position, before deadline: ContinuousClock.Instant?) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (waits, look) = state.withLock { state -> (Bool, ContinuousClock.Instant?) in
                    guard state.position < position, !Task.isCancelled else { return (false, nil) }
                    state.waiters[id] = Waiter(position: position, deadline: deadline, continuation: continuation)
                    guard let deadline, state.nextLook.map({ deadline < $0 }) ?? true else { return (true, nil) }
                    state.nextLook = deadline
                    return (true, deadline)
                }
                if !waits { continuation.resume() }
                if let look { Task { [weak self] in await Self.giveUp(at: look) { self } } }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.continuation.resume()
        }
        return self.position >= position
    }
}

// MARK: - Time-outs

extension PositionSignal {
    /// Wakes those whose time is over, as long as anybody's can be. One look serves all who wait: a timer for each would
    /// cost more than most of the waiting.
    private static func giveUp(at first: ContinuousClock.Instant, in signal: () -> PositionSignal?) async {
        var look: ContinuousClock.Instant? = first
        while let time = look {
            try? await Task.sleep(until: time, clock: .continuous)
            look = signal()?.giveUp(at: time)
        }
    }

    /// - Returns: when to look again; nil when nobody waits for it, or another one looks earlier.
    private func giveUp(at look: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        let (late, next) = state.withLock { state -> ([Waiter], ContinuousClock.Instant?) in
            guard state.nextLook == look else { return ([], nil) }
            let late = state.waiters.filter { $0.value.deadline.map { $0 <= look } ?? false }
            for (id, _) in late { state.waiters[id] = nil }
            state.nextLook = state.waiters.values.compactMap(\.deadline).min()
            return (Array(late.values), state.nextLook)
        }
        for waiter in late { waiter.continuation.resume() }
        return next
    }
}
