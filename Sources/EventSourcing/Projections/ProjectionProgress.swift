import Synchronization

/// What the partitions of a projection are doing in this process, and the position that all of them have reached.
final class ProjectionProgress: Sendable {
    private struct State {
        var positions: [Position?] = []
        var activities: [Int: ProjectionActivity] = [:]
        var owned: Set<Int> = []
    }

    private let state = Mutex(State())
    private let applied: PositionSignal

    init(announcing applied: PositionSignal) { self.applied = applied }

    var activities: [Int: ProjectionActivity] { state.withLock { $0.activities } }

    /// This process runs all partitions, and knows how far they have come.
    var isOwned: Bool { state.withLock { $0.owned.count == $0.positions.count } }

    func own(_ partition: Int) { state.withLock { _ = $0.owned.insert(partition) } }

    func disown(_ partition: Int) { state.withLock { _ = $0.owned.remove(partition) } }

    /// Starts anew with another number of partitions.
    func begin(_ layout: ProjectionLayout) {
        state.withLock { $0 = State(positions: layout.positions) }
        applied.advance(to: layout.position)
    }

    func set(_ activity: ProjectionActivity, of partition: Int) {
        state.withLock { $0.activities[partition] = activity }
    }

    /// A partition has come as far as this, in this process or in another one.
    func reach(_ position: Position, in partition: Int) {
        let common: Position? = state.withLock { state in
            guard state.positions.indices.contains(partition) else { return nil }
            state.positions[partition] = max(state.positions[partition] ?? .start, position)
            return state.positions.reduce(position) { min($0, $1 ?? .start) }
        }
        if let common { applied.advance(to: common) }
    }
}

/// What a partition of a projection is doing in this process.
public enum ProjectionActivity: Sendable {
    /// It applies events, or waits for new ones.
    case running
    /// An administrator has paused the projection.
    case paused
    /// Something fails, and is tried again.
    case failing(ProjectionStall)
    /// It waits for somebody to decide; it looks from time to time whether that has happened.
    case stopped(ProjectionStopped)
}
