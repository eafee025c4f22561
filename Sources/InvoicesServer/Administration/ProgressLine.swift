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
        show(done: progress.position.rawValue, of: progress.goal.rawValue, progress.phase.rawValue, rest)
    }

    /// Shows `filling  [#########-----------]  45 %  12000 of 26000` and the rest.
    func show(done: some BinaryInteger, of total: some BinaryInteger, _ phase: String, _ rest: [String] = []) {
        state.withLock { state in
            let now = ContinuousClock.now
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
            if state.phase == phase, let shownAt = state.shownAt, now - shownAt < pause { return }
            (state.shownAt, state.phase) = (now, phase)
            let line = Self.line(Int(done), of: Int(total), phase, rest)
            // Back to the beginning of the line, and away with what is left of the one before.
            Terminal.say(isTerminal ? "\r\(line)\u{1B}[K" : "\(line)\n")
            state.isOpen = isTerminal
        }
    }

    private static func line(_ done: Int, of total: Int, _ phase: String, _ rest: [String]) -> String {
        let fraction = total > 0 ? min(1, Double(done) / Double(total)) : 1
        let marks = Int(fraction * 20)
        let bar = String(repeating: "#", count: marks) + String(repeating: "-", count: 20 - marks)
        let parts = [phase, "[\(bar)]", "\(Int(fraction * 100)) %", "\(done) of \(total)"]
        return (parts + rest).joined(separator: "  ")
    }

    /// Leaves the line as it is, and goes below it.
    func end() {
        state.withLock { state in
            if state.isOpen { Terminal.say("\n") }
            state.isOpen = false
        }
    }
}
