/// How a queue runs a job.
public struct BullMQJobOptions: Hashable, Sendable {
    /// The most attempts before the job has failed, at least 1.
    public var attempts = 1
    /// The pause before the next attempt; nil for none.
    public var backoff: BullMQBackoff?
    /// The pause before the first attempt.
    public var delay: Duration = .zero
    /// 0 for none; otherwise 1 to 2,097,152. Jobs without a priority come first, then those with the lowest number.
    public var priority = 0
    /// Whether the job is added at the front of those without a priority.
    public var isFirst = false
    /// Which completed jobs stay, and with them their ids.
    public var removeOnComplete = BullMQRetention.all
    /// Which failed jobs stay.
    public var removeOnFail = BullMQRetention.all

    /// BullMQ's defaults: one attempt, at once, and all jobs are kept.
    public init() {}

    var refusal: String? {
        if attempts < 1 { return "attempts must be at least 1" }
        if !(0...2_097_152).contains(priority) { return "the priority must be from 0 to 2097152" }
        if delay < .zero { return "the delay must not be negative" }
        if let backoff, !(0...1).contains(backoff.jitter) { return "the jitter must be from 0 to 1" }
        if let backoff, backoff.delay < .zero { return "the pause between attempts must not be negative" }
        return nil
    }
}

/// The pauses between the attempts of a job.
public struct BullMQBackoff: Hashable, Sendable {
    /// How the pauses grow.
    public enum Growth: String, Hashable, Sendable {
        /// The same pause each time.
        case fixed
        /// Twice as long each time.
        case exponential
    }

    /// How the pauses grow.
    public var growth: Growth
    /// The first pause.
    public var delay: Duration
    /// From 0 to 1: up to this part of a pause is taken off at random.
    public var jitter: Double

    /// Makes a back-off; `jitter` is the share of a pause, 0 to 1, that is taken off at random.
    public init(_ growth: Growth, _ delay: Duration, jitter: Double = 0) {
        self.growth = growth
        self.delay = delay
        self.jitter = jitter
    }

    /// The pause in milliseconds after a failed attempt.
    ///
    /// - Parameters:
    ///   - attempt: 1 for the first.
    ///   - random: from 0 to 1.
    func pause(afterAttempt attempt: Int, random: Double) -> Int64 {
        let factor = growth == .exponential ? Double(UInt64(1) << UInt64(min(max(attempt - 1, 0), 40))) : 1
        let longest = Double(delay.milliseconds) * factor
        // A hundred years is as good as never, and still a time that fits into a score.
        return Int64(min(longest * (1 - jitter * random), 3.2e12))
    }
}

/// Which finished jobs a queue keeps.
public enum BullMQRetention: Hashable, Sendable {
    case all
    case none
    /// The latest ones.
    case count(Int)
    /// Those that are no older, and at most `count` of them.
    case age(Duration, count: Int? = nil)

    /// As a script takes it: the most jobs, -1 for any number, and the greatest age in seconds, -1 for any.
    var bounds: (count: Int, age: Int64) {
        switch self {
        case .all: (-1, -1)
        case .none: (0, -1)
        case .count(let count): (max(count, 0), -1)
        case .age(let age, let count): (count.map { max($0, 0) } ?? -1, max(age.components.seconds, 0))
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
