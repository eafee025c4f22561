/// Which events become jobs, and how: a pure function from an event to a job.
public struct JobRoute: Sendable {
    /// Unique among the routes of a queue.
    public let name: String
    /// The events that jobs are made of.
    public let filter: LogFilter
    /// The jobs of an event, in their order; none for an event that is not for the outside. The same event gives the same
    /// jobs with the same ids each time. An error parks the event with its description as the reason.
    public let jobs: @Sendable (RecordedEvent) throws -> [Job]

    /// Makes a route whose function is pure: an event that is delivered again has to make the same jobs.
    public init(_ name: String, for filter: LogFilter, jobs: @escaping @Sendable (RecordedEvent) throws -> [Job]) {
        self.name = name
        self.filter = filter
        self.jobs = jobs
    }
}
