import Synchronization

/// What the partitions of a projection are doing in this process, and the position that all of them have reached.
final class ProjectionProgress: Sendable {
    private struct State {
        var positions: [Position?] = []
        /// The signal's count of invalidations when the positions were found.
        var invalidations = Position.start
        var watches: [PartitionWatch] = []
        var activities: [Int: ProjectionActivity] = [:]
        var owned: Set<Int> = []
    }

    private let state = Mutex(State())
    private let applied: PositionSignal

    init(announcing applied: PositionSignal) { self.applied = applied }

    var activities: [Int: ProjectionActivity] { state.withLock { $0.activities } }

    /// This process runs all partitions, and knows how far they have come.
    var isOwned: Bool { state.withLock { $0.owned.count == $0.positions.count } }

    /// One for each partition, in their order.
    var watches: [PartitionWatch] { state.withLock { $0.watches } }

    func own(_ partition: Int) { state.withLock { _ = $0.owned.insert(partition) } }

    func disown(_ partition: Int) { state.withLock { _ = $0.owned.remove(partition) } }

    /// Starts again with another number of partitions.
    func begin(_ layout: ProjectionLayout) {
        state.withLock { state in
            state = State(
                positions: layout.positions, invalidations: applied.invalidations.position,
                watches: (0..<layout.partitions.count).map { _ in PartitionWatch() })
        }
        applied.advance(to: layout.position)
    }

    func set(_ activity: ProjectionActivity, of partition: Int) {
        state.withLock { $0.activities[partition] = activity }
    }

    /// An owner begins with a partition, which is there. If the read database has lost its last commits in a crash, that is
    /// less far than it was, and who waits for what was lost waits for it again.
    func begin(at position: Position, in partition: Int) {
        let lost: Position? = state.withLock { state in
            forgetInvalidated(in: &state)
            guard state.positions.indices.contains(partition), let reached = state.positions[partition],
                position < reached
            else { return nil }
            state.positions[partition] = position
            return state.positions.reduce(position) { min($0, $1 ?? .start) }
        }
        if let lost { applied.retreat(to: lost) } else { reach(position, in: partition) }
    }

    /// A partition has come as far as this, in this process or in another one.
    func reach(_ position: Position, in partition: Int) {
        let common: Position? = state.withLock { state in
            forgetInvalidated(in: &state)
            guard state.positions.indices.contains(partition) else { return nil }
            state.positions[partition] = max(state.positions[partition] ?? .start, position)
            return state.positions.reduce(position) { min($0, $1 ?? .start) }
        }
        if let common { applied.advance(to: common) }
    }

    private func forgetInvalidated(in state: inout State) {
        let invalidations = applied.invalidations.position
        guard state.invalidations != invalidations else { return }
        state.invalidations = invalidations
        state.positions = state.positions.map { _ in nil }
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
    /// It waits for an administrator, see ``ProjectionStopped/advice``.
    case stopped(ProjectionStopped)
}

/// Tells the owner of a partition what the poll of the projection has found.
///
/// One poll serves all partitions. Now and then it wakes their owners, and each reads the log: an announcement may have
/// been lost, or the log may be another one.
final class PartitionWatch: Sendable {
    private struct State {
        /// That the owner has seen or made; nil while there is no owner.
        var version: Int64?
        var isMoved = false
    }

    private let state = Mutex(State())
    /// Wakes the owner.
    let interruption = WaitInterruption()

    /// The version that the owner goes on from.
    var version: Int64? { state.withLock { $0.version } }

    /// The version from which the owner continues; nil when there is no owner.
    func follow(_ version: Int64?) { state.withLock { $0 = State(version: version) } }

    /// Somebody else has changed the partition, and it has to be loaded again.
    var isMoved: Bool { state.withLock { $0.isMoved } }

    /// Takes what a poll has found, and wakes the owner if the partition was changed, or nothing could be found.
    ///
    /// - Parameters:
    ///   - before: the owner's version before the poll. If the owner has changed it meanwhile, the poll may have found
    ///     either.
    ///   - wakes: whether the owner is woken in any case.
    func polled(_ version: Int64?, before: Int64?, wakes: Bool) {
        let isUnchanged = state.withLock { state in
            guard let version else { return false }
            guard let own = state.version, own == before else { return true }
            state.isMoved = version != own
            return !state.isMoved
        }
        if wakes || !isUnchanged { interruption.raise() }
    }
}
