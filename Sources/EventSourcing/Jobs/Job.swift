/// A unit of work for a queue, in the form of BullMQ's jobs.
public struct Job: Hashable, Sendable {
    /// Unique in its queue: a queue ignores a job whose id it knows. 1 to 512 bytes, no `:` and not a number.
    public let id: String
    /// Tells a worker what kind of work it is: the type of an event, or the name of an event handler.
    public let name: String
    /// JSON.
    public let data: EventPayload
    /// How the queue treats it.
    public var options: JobOptions

    /// Makes a job of one's own; for events, see ``init(for:options:)``.
    public init(id: String, name: String, data: EventPayload, options: JobOptions = JobOptions()) {
        self.id = id
        self.name = name
        self.data = data
        self.options = options
    }

    /// Why no queue takes a job of this id; nil when it can be taken.
    package var idFault: String? {
        if !(1...512).contains(id.utf8.count) { return "the job's id must have 1 to 512 bytes" }
        if id.utf8.contains(UInt8(ascii: ":")) { return "the job's id \(id) contains a colon" }
        if Int64(id) != nil { return "the job's id \(id) is a number, as the ids that BullMQ assigns itself are" }
        return nil
    }
}

/// How a queue runs a job.
public struct JobOptions: Hashable, Sendable {
    /// The most attempts before the job has failed, at least 1.
    public var attempts = 3
    /// The pause before the next attempt.
    public var backoff = JobBackoff.exponential(.seconds(1))
    /// The pause before the first attempt.
    public var delay: Duration = .zero
    /// 0 for none; otherwise 1 to 2,097,152. Jobs without a priority come first, then those with the lowest number.
    public var priority = 0
    /// Which completed jobs the queue keeps. As long as it keeps a job it knows the id, and ignores the job when a relay
    /// adds it again after a crash.
    public var keepsCompleted = JobRetention.age(.seconds(24 * 3_600))
    /// Which failed jobs the queue keeps.
    public var keepsFailed = JobRetention.all

    /// Three attempts with growing pauses, no delay, and completed jobs that are kept for a day.
    public init() {}
}

/// The pauses between the attempts of a job.
public enum JobBackoff: Hashable, Sendable {
    case none
    /// The same pause each time; `jitter` from 0 to 1 takes off up to that part of it at random.
    case fixed(Duration, jitter: Double = 0)
    /// The pause after the first failure, twice that after the second, and so on.
    case exponential(Duration, jitter: Double = 0)
}

/// Which finished jobs a queue keeps.
public enum JobRetention: Hashable, Sendable {
    case all
    case none
    /// The latest ones.
    case count(Int)
    /// Those that are no older, and at most `count` of them.
    case age(Duration, count: Int? = nil)
}
