/// How a worker takes and keeps jobs.
public struct BullMQWorkerConfiguration: Sendable {
    /// Stored with each job that it runs; for people who look at the queue.
    public var name = ""
    /// The most jobs at a time.
    public var concurrency = 10
    /// How long a job stays this worker's without renewal. It is renewed twice in that time.
    public var lockDuration: Duration = .seconds(30)
    /// How often to look for jobs of workers that are gone.
    public var stalledInterval: Duration = .seconds(30)
    /// How often the worker of a job may be lost before the job fails.
    public var maximumStalls = 1
    /// The longest wait for a wakeup before the worker looks for jobs by itself.
    public var drainDelay: Duration = .seconds(5)
    /// The most jobs that all workers of the queue begin in a period; nil for what the queue says, which is no limit unless
    /// one was set.
    public var rateLimit: RateLimit?
    /// The longest pause after repeated failures of Redis.
    public var longestPause: Duration = .seconds(5)

    /// The most jobs of a queue in a period, by all of its workers together.
    public struct RateLimit: Sendable {
        /// How many jobs.
        public var jobs: Int
        /// In which time.
        public var period: Duration

        /// At most so many jobs in each period.
        public init(jobs: Int, per period: Duration) {
            self.jobs = jobs
            self.period = period
        }
    }

    /// The defaults: ten jobs at a time, no rate limit of its own.
    public init() {}
}
