public import EventSourcing
public import FoundationEssentials

/// The deadlines of processes in the order of their times, so that the due ones are found: the port of ``ProcessRunner``.
///
/// The truth about a deadline is in the stream of its instance. This is an index of it: an entry that is out of date costs a
/// look at the stream and has no effect, and entries are written again until they are as the stream says.
public protocol DeadlineStore: Sendable {
    /// Replaces the deadlines of an instance by those that it has at a revision of its stream.
    ///
    /// What was written at a later revision stays. A claim of a deadline whose time is the same stays, too.
    func schedule(_ deadlines: [ProcessDeadline], of instance: StreamName, at revision: Revision) async throws

    /// Claims deadlines that are due at a time, the earliest first. Nobody else is given them until the claim expires.
    ///
    /// - Parameters:
    ///   - process: the category of the instances' streams.
    ///   - tenant: nil for all.
    ///   - now: the time by the caller's clock, as is `expiry`.
    func claimDue(
        of process: StreamCategory, tenant: TenantID?, at now: Date, limit: Int, until expiry: Date
    ) async throws -> [DueDeadline]

    /// Ends a claim: the deadline comes again at a time. Nothing changes for one that was moved or removed meanwhile.
    func postpone(_ due: DueDeadline, until time: Date) async throws

    /// When a deadline or a claim of one ends next; nil when there is none.
    func nextDue(of process: StreamCategory, tenant: TenantID?) async throws -> Date?
}

/// A time by which an instance of a process wants to be called.
public struct ProcessDeadline: Codable, Hashable, Sendable {
    /// Unique among the deadlines of the instance.
    public let name: String
    /// To the microsecond.
    public let dueAt: Date

    /// Names a deadline, and says when it is due.
    public init(_ name: String, dueAt: Date) {
        self.name = name
        self.dueAt = RFC3339.rounded(dueAt)
    }
}

/// A deadline that is due, in the hands of one that meets it.
public struct DueDeadline: Hashable, Sendable {
    /// The stream of the instance.
    public let instance: StreamName
    /// Which deadline it is.
    public let deadline: ProcessDeadline
    /// 1 for the first time, one more with each claim.
    public let attempt: Int

    /// For implementations of ``DeadlineStore``.
    public init(_ deadline: ProcessDeadline, of instance: StreamName, attempt: Int) {
        self.instance = instance
        self.deadline = deadline
        self.attempt = attempt
    }
}
