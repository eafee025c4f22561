/// What stopped a projection, and what sets it going again. Making a plan changes nothing.
public struct ProjectionHealingPlan: Sendable {
    /// What is to be done.
    public enum Remedy: Hashable, Sendable {
        /// Nothing: the log is the one that the projection has read.
        case none
        /// The event at every checkpoint is still in its place, though in another event store: a copy that has lost nothing
        /// that was applied. The rows stay, and the checkpoints become ones of the new store.
        case adopt
        /// Both logs are the same up to here; what follows is applied again, to rows that have seen other events since.
        case rewind(to: Checkpoint)
        /// The rows hold what is in the log no longer, and nothing takes it back: rebuild them from the start.
        case rebuild
    }

    /// The name of the projection.
    public let projection: String
    /// What was found; nil when nothing is wrong.
    public let cause: ProjectionStopped?
    /// What has to be done.
    public let remedy: Remedy
    /// The checkpoints that the partitions have, in their order.
    public let present: [Checkpoint]
    /// The checkpoints that they get; those that they have when there is nothing to do, or they are to be rebuilt.
    public let healed: [Checkpoint]
    /// The versions of the partitions that the plan was made from; a plan does not hold once one has changed.
    package let versions: [Int64]

    package init(
        projection: String, cause: ProjectionStopped?, remedy: Remedy, present: [Checkpoint], healed: [Checkpoint],
        versions: [Int64]
    ) {
        self.projection = projection
        self.cause = cause
        self.remedy = remedy
        self.present = present
        self.healed = healed
        self.versions = versions
    }
}

/// The plan is a rebuild, which is another operation than to move checkpoints.
public struct ProjectionNeedsRebuild: CategorizedError, Hashable, CustomStringConvertible {
    /// The name of the projection.
    public let projection: String

    /// For targets that can be healed.
    public init(_ projection: String) { self.projection = projection }

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
    /// Names the projection, and says what to do.
    public var description: String {
        "the rows of projection \(projection) hold events that the event store has lost; rebuild the projection"
    }
}
