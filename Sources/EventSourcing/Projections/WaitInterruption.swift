import Synchronization

/// Ends a wait from outside: the present one, or the next one if there is none. See
/// ``PositionSignal/wait(until:unless:)``.
final class WaitInterruption: Sendable {
    private struct State {
        var isRaised = false
        var end: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func raise() {
        let end = state.withLock { state in
            state.isRaised = true
            return state.end
        }
        end?()
    }

    /// Calls `end` when it is raised, at once if it was before.
    func arm(_ end: @escaping @Sendable () -> Void) {
        let isRaised = state.withLock { state in
            state.end = end
            return state.isRaised
        }
        if isRaised { end() }
    }

    /// Nobody waits any more.
    func disarm() { state.withLock { $0 = State() } }
}
