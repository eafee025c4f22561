/// How many jobs a queue has in each state.
public struct BullMQCounts: Hashable, Sendable {
    /// Jobs without a priority that wait, those of a paused queue included.
    public var waiting = 0
    /// Jobs that wait and have a priority.
    public var prioritized = 0
    /// Jobs that are not due yet, those between two attempts included.
    public var delayed = 0
    /// Jobs that a worker has.
    public var active = 0
    /// Completed jobs that are kept.
    public var completed = 0
    /// Failed jobs that are kept.
    public var failed = 0
    /// Whether workers get nothing.
    public var isPaused = false

    /// No jobs at all.
    public init() {}

    /// Jobs that a worker has yet to finish.
    public var unfinished: Int { waiting + prioritized + delayed + active }
}

/// A job as the queue has it.
public struct BullMQJobRecord: Hashable, Sendable {
    /// What a job is doing.
    public enum State: String, Hashable, Sendable {
        case waiting, paused, prioritized, delayed, active, completed, failed, unknown
    }

    /// The id, unique in the queue.
    public let id: String
    /// What it is doing.
    public let state: State
    /// The name that a worker decides by.
    public let name: String
    /// JSON.
    public let data: [UInt8]
    /// Attempts that have begun.
    public let attemptsMade: Int
    /// JSON; nil before the job is completed.
    public let result: String?
    /// Why the last attempt failed.
    public let failedReason: String?
}

extension BullMQQueue {
    /// Keeps workers from taking jobs; those that run go on.
    ///
    /// - Throws: ``RedisError``, as all that follow.
    public func pause() async throws { _ = try await call(BullMQScript.pauseQueue) }

    /// Lets workers take jobs again.
    public func resume() async throws { _ = try await call(BullMQScript.resumeQueue) }

    /// Counts the jobs in each state, in one step.
    public func counts() async throws -> BullMQCounts {
        func count(_ command: RedisArgument, _ key: String) -> RedisCommand {
            RedisCommand([command, RedisArgument(base + key)])
        }
        let replies = try await client.pipeline([
            count("LLEN", "wait"), count("LLEN", "paused"), count("ZCARD", "prioritized"), count("ZCARD", "delayed"),
            count("LLEN", "active"), count("ZCARD", "completed"), count("ZCARD", "failed"),
            RedisCommand("HEXISTS", RedisArgument(base + "meta"), "paused"),
        ])
        let numbers = try replies.map { reply in
            if case .error(let text) = reply { throw RedisError(reply: text) }
            return Int(reply.integer ?? 0)
        }
        var counts = BullMQCounts()
        counts.waiting = numbers[0] + numbers[1]
        counts.prioritized = numbers[2]
        counts.delayed = numbers[3]
        counts.active = numbers[4]
        counts.completed = numbers[5]
        counts.failed = numbers[6]
        counts.isPaused = numbers[7] == 1
        return counts
    }

    /// A job; nil when the queue does not have it.
    public func job(_ id: String) async throws -> BullMQJobRecord? {
        let reply = try await call(BullMQScript.findJob, RedisArgument(id))
        guard let parts = reply.array else { throw RedisError.unexpectedReply(to: BullMQScript.findJob.name) }
        guard parts.count == 2, let state = parts[0].text, let fields = parts[1].hash else { return nil }
        return BullMQJobRecord(
            id: id, state: BullMQJobRecord.State(rawValue: state) ?? .unknown, name: fields["name"]?.text ?? "",
            data: fields["data"]?.bytes ?? [], attemptsMade: Int(fields["atm"]?.integer ?? 0),
            result: fields["returnvalue"]?.text, failedReason: fields["failedReason"]?.text)
    }

    /// Lets a job that has failed for good run once more.
    ///
    /// - Returns: whether there is a failed job of this id.
    public func retry(_ id: String) async throws -> Bool {
        try await call(BullMQScript.retryFailed, RedisArgument(id)).integer == 1
    }

    /// Removes a job that no worker runs.
    ///
    /// - Returns: whether it was removed.
    public func remove(_ id: String) async throws -> Bool {
        try await call(BullMQScript.removeJob, RedisArgument(id)).integer == 1
    }

    func call(_ script: RedisScript, _ arguments: RedisArgument...) async throws -> RESPValue {
        try await client.run(script, keys: [RedisArgument(base)], arguments: arguments)
    }
}
