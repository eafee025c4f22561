import FoundationEssentials
import Synchronization

/// The other processes that listen on a channel, as far as they have been heard.
final class RelayPeers: Sendable {
    private struct State {
        var lastHeard: [UUID: ContinuousClock.Instant] = [:]
        var waiting: [UUID: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How often a process says that it is still there, as long as it knows of another one.
    static let heartbeat = Duration.seconds(10)
    /// For how long a process counts as present after it was heard.
    private static let timeout = heartbeat * 3

    /// Whether another process is there.
    func isAny(at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            state.lastHeard = state.lastHeard.filter { $0.value + Self.timeout > now }
            return !state.lastHeard.isEmpty
        }
    }

    /// Notes that a process was heard.
    func note(_ peer: UUID, at now: ContinuousClock.Instant = .now) {
        let waiting = state.withLock { state in
            state.lastHeard[peer] = now
            defer { state.waiting = [:] }
            return state.waiting.values.map(\.self)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until another process is there.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func waitForOne() async throws {
        let id = UUID()
        while !isAny() {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let waits = state.withLock { state in
                        // Under the lock: a peer may have been noted, or the task cancelled, in between.
                        guard state.lastHeard.isEmpty, !Task.isCancelled else { return false }
                        state.waiting[id] = continuation
                        return true
                    }
                    if !waits { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
            }
            try Task.checkCancellation()
        }
    }
}
