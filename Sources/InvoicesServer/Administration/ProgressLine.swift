import EventSourcing
import Foundation
import Synchronization

/// How far something long has come, on standard error: a line rewritten on a terminal, a line now and then elsewhere.
final class ProgressLine: Sendable {
    private struct State {
        var shownAt: ContinuousClock.Instant?
        var phase: String?
        /// The cursor is at the end of the line.
        var isOpen = false
    }

    private let state = Mutex(State())
    private let isTerminal = Terminal.isWatched

    func show(_ progress: ProjectionRebuildProgress) {
        var rest: [String] = []
        if progress.phase == .filling, let timeLeft = progress.timeLeft {
            rest = [
                "\(Int(progress.eventsPerSecond)) events/s", "\(Date.spoken(seconds: timeLeft / .seconds(1))) left",
            ]
        }
        show(
            "\(progress.position) of \(progress.goal)", fraction: progress.fraction, progress.phase.rawValue, rest)
    }

    /// Shows `filling  [#########-----------]  45 %  12000 of 26000` and the rest.
    ///
    /// - Parameter fraction: from 0 to 1.
    func show(_ count: String, fraction: Double, _ phase: String, _ rest: [String] = []) {
        state.withLock { state in
            let now = ContinuousClock.now
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
            if state.phase == phase, let shownAt = state.shownAt, now - shownAt < pause { return }
            (state.shownAt, state.phase) = (now, phase)
            let done = Int(fraction * 20)
            let bar = String(repeating: "#", count: done) + String(repeating: "-", count: 20 - done)
            let line = ([phase, "[\(bar)]", "\(Int(fraction * 100)) %", count] + rest).joined(separator: "  ")
            // Back to the beginning of the line, and away with what is left of the one before.
            Terminal.say(isTerminal ? "\r\(line)\u{1B}[K" : "\(line)\n")
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
