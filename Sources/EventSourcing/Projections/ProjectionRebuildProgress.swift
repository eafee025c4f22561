/// How far the rebuild of a projection has come.
public struct ProjectionRebuildProgress: Hashable, Sendable {
    /// What is being done.
    public enum Phase: String, Hashable, Sendable {
        /// The log is applied to the new version.
        case filling
        /// Both versions are counted and summed up, at one position.
        case comparing
        /// The new version takes the place of the old one.
        case switching
    }

    /// What it is doing.
    public let phase: Phase
    /// Everything up to here is in the new version.
    public let position: Position
    /// Where the new version will be complete: the position of the old one, which may move on meanwhile.
    public let goal: Position
    /// Since this run began, events of the log a second; also those that the projection does not want.
    public let eventsPerSecond: Double
    /// Until the goal, at that rate; nil while there is none.
    public let timeLeft: Duration?

    /// - Parameters:
    ///   - start: where this run began.
    ///   - elapsed: the time since then.
    package init(_ phase: Phase, from start: Position, to position: Position, of goal: Position, in elapsed: Duration) {
        self.phase = phase
        self.position = position
        self.goal = goal
        let done = Double(position.rawValue - start.rawValue)
        let seconds = elapsed / .seconds(1)
        eventsPerSecond = seconds > 0 ? max(0, done) / seconds : 0
        timeLeft =
            eventsPerSecond > 0
            ? .seconds(Double(max(0, goal.rawValue - position.rawValue)) / eventsPerSecond) : nil
    }

    /// The share of the log that is in the new version, from 0 to 1.
    public var fraction: Double {
        goal > .start ? min(1, Double(position.rawValue) / Double(goal.rawValue)) : 1
    }
}
