import EventSourcing
import Foundation
import Synchronization

/// How far a rebuild has come, on standard error: a line rewritten on a terminal, a line now and then elsewhere.
final class ProgressLine: Sendable {
    private struct State {
        var shownAt: ContinuousClock.Instant?
        var phase: ProjectionRebuildProgress.Phase?
        /// The cursor stands behind the line.
        var isOpen = false
    }

    private let state = Mutex(State())
    private let isTerminal = Terminal.isWatched

    func show(_ progress: ProjectionRebuildProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
            if state.phase == progress.phase, let shownAt = state.shownAt, now - shownAt < pause { return }
            (state.shownAt, state.phase) = (now, progress.phase)
            // Back to the beginning of the line, and away with what is left of the one before.
            Terminal.say(isTerminal ? "\r\(progress.line)\u{1B}[K" : "\(progress.line)\n")
            state.isOpen = isTerminal
        }
    }

    /// Leaves the line as it is, and goes below it.
    func end() {
        state.withLock { state in
            if state.isOpen { Terminal.say("\n") }
            state.isOpen = false
        }
    }
}

extension ProjectionRebuildProgress {
    /// `filling  [#########-----------]  45 %  12000 of 26000  9000 events/s  2 s left`
    fileprivate var line: String {
        let done = Int(fraction * 20)
        let bar = String(repeating: "#", count: done) + String(repeating: "-", count: 20 - done)
        var parts = [phase.rawValue, "[\(bar)]", "\(Int(fraction * 100)) %", "\(position) of \(goal)"]
        if phase == .filling, let timeLeft {
            parts += ["\(Int(eventsPerSecond)) events/s", "\(Date.spoken(seconds: timeLeft / .seconds(1))) left"]
        }
        return parts.joined(separator: "  ")
    }
}
