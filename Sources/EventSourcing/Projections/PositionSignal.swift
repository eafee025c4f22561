import Synchronization

/// How far something has come in the log, and those who wait for it to come further.
///
/// One signal tells a projection of new events at once; another tells those who want to read their own writes when
/// the projection has applied them.
public final class PositionSignal: Sendable {
    private struct Waiter {
        let position: Position
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var position: Position
        var nextID: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
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
        try await wait(until: position, unless: { try await Task.sleep(for: timeout) })
    }

    /// Waits until the position is reached or `isOver` returns.
    func wait(until position: Position, unless isOver: @escaping @Sendable () async throws -> Void) async throws -> Bool
    {
        if self.position >= position { return true }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait(until: position) }
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

    /// Waits until the position is reached or the task is cancelled; tells whether it was reached.
    private func wait(until position: Position) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.position < position, !Task.isCancelled else { return false }
                    state.waiters[id] = Waiter(position: position, continuation: continuation)
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
}
