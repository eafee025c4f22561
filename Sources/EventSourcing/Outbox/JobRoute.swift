/// Which events become jobs, and how: a pure function from an event to a job.
public struct JobRoute: Sendable {
    /// Unique among the routes of a queue.
    public let name: String
    public let filter: LogFilter
    /// The jobs of an event, in their order; none for an event that is not for the outside. The same event gives the same
    /// jobs with the same ids each time. An error parks the event with its description as the reason.
    public let jobs: @Sendable (RecordedEvent) throws -> [Job]

    public init(_ name: String, for filter: LogFilter, jobs: @escaping @Sendable (RecordedEvent) throws -> [Job]) {
        self.name = name
        self.filter = filter
        self.jobs = jobs
    }
}
