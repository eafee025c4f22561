public import BullMQ
public import EventSourcing

/// A queue of BullMQ takes the jobs of routes and event handlers.
///
/// BullMQ ignores a job whose id it knows, and it knows an id only as long as it keeps the job. A relay that crashes after
/// it has added a job, and before it has recorded that, adds the job again. So completed jobs are kept by age
/// (``JobOptions/keepsCompleted``) and not removed at once: a job that comes again within that time does not run again. A
/// job that comes again later does; a worker whose effect must happen once records the ids of the jobs that it has done.
extension BullMQQueue: JobQueue {
    /// See ``/EventSourcing/JobQueue/add(_:)``.
    public func add(_ jobs: [Job]) async throws -> [JobOutcome] {
        try await addBulk(jobs.map(BullMQJob.init)).map(JobOutcome.init)
    }
}

extension BullMQJob {
    /// A job of a relay, as BullMQ has it.
    public init(_ job: Job) {
        self.init(id: job.id, name: job.name, data: job.data.bytes, options: BullMQJobOptions(job.options))
    }
}

extension BullMQJobOptions {
    /// Options of a job of a relay, as BullMQ has them.
    public init(_ options: JobOptions) {
        self.init()
        attempts = options.attempts
        backoff = BullMQBackoff(options.backoff)
        delay = options.delay
        priority = options.priority
        removeOnComplete = BullMQRetention(options.keepsCompleted)
        removeOnFail = BullMQRetention(options.keepsFailed)
    }
}

extension BullMQBackoff {
    fileprivate init?(_ backoff: JobBackoff) {
        switch backoff {
        case .none: return nil
        case .fixed(let pause, let jitter): self.init(.fixed, pause, jitter: jitter)
        case .exponential(let pause, let jitter): self.init(.exponential, pause, jitter: jitter)
        }
    }
}

extension BullMQRetention {
    fileprivate init(_ retention: JobRetention) {
        switch retention {
        case .all: self = .all
        case .none: self = .none
        case .count(let count): self = .count(count)
        case .age(let age, let count): self = .age(age, count: count)
        }
    }
}

extension JobOutcome {
    fileprivate init(_ outcome: BullMQOutcome) {
        switch outcome {
        case .added: self = .added
        case .duplicate: self = .duplicate
        case .refused(let reason): self = .refused(reason: reason)
        }
    }
}
