import FoundationEssentials

/// A queue of BullMQ on Redis: jobs for workers in any language.
///
/// It writes what BullMQ 5 and BullMQ 6 write (docs.bullmq.io), with scripts of its own. Several queues can share a
/// client. On Redis Cluster the prefix must be a hash tag, such as `{bull}`. Jobs of flows (parents and children) and
/// schedulers are not supported.
public struct BullMQQueue: Sendable {
    /// The name, as other clients know it.
    public let name: String
    let client: RedisClient
    /// What the names of all keys of the queue begin with.
    let base: String
    private let maximumDataBytes: Int
    let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - name: 1 to 256 bytes, without `:`.
    ///   - prefix: what BullMQ calls the prefix; not empty.
    ///   - maximumDataBytes: a job with more data is refused.
    ///   - now: milliseconds since 1970.
    /// - Throws: ``RedisError`` of ``RedisError/Code/invalidConfiguration`` for a name or a prefix that cannot be used.
    public init(
        _ name: String, prefix: String = "bull", client: RedisClient, maximumDataBytes: Int = 1 << 20,
        now: @escaping @Sendable () -> Int64 = BullMQQueue.systemTime
    ) throws {
        guard (1...256).contains(name.utf8.count), !name.contains(":") else {
            throw RedisError(
                .invalidConfiguration, "\"\(name)\" cannot name a queue: it must have 1 to 256 bytes and no colon")
        }
        guard !prefix.isEmpty else {
            throw RedisError(.invalidConfiguration, "the prefix of a queue must not be empty; BullMQ's default is bull")
        }
        self.name = name
        self.client = client
        base = "\(prefix):\(name):"
        self.maximumDataBytes = maximumDataBytes
        self.now = now
    }

    /// The system's time in milliseconds since 1970.
    public static func systemTime() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}

// MARK: - Adding

extension BullMQQueue {
    /// Adds a job.
    ///
    /// - Throws: as ``addBulk(_:)``.
    public func add(_ job: BullMQJob) async throws -> BullMQOutcome { try await addBulk([job])[0] }

    /// Adds jobs in their order.
    ///
    /// - Returns: the outcome of each.
    /// - Throws: ``RedisError`` when Redis cannot be reached or answers with an error. Some jobs may have been added then;
    ///   adding the same ones again is safe.
    public func addBulk(_ jobs: [BullMQJob]) async throws -> [BullMQOutcome] {
        var outcomes = jobs.map { job in
            job.refusal(maximumDataBytes: maximumDataBytes).map { BullMQOutcome.refused(reason: $0) } ?? .added
        }
        let accepted = jobs.indices.filter { outcomes[$0] == .added }
        for calls in AddCalls(accepted, of: jobs) {
            var writer = AddWriter(now: now())
            let replies = try await client.run(
                BullMQScript.addJobs, keys: [RedisArgument(base)],
                each: calls.lazy.map { call in writer.arguments(of: call.lazy.map { jobs[$0] }) })
            for (call, reply) in zip(calls, replies) {
                if case .error(let text) = reply { throw RedisError(reply: text) }
                guard let added = reply.array, added.count == call.count else {
                    throw RedisError.unexpectedReply(to: BullMQScript.addJobs.name)
                }
                for (index, added) in zip(call, added) where added.integer == 0 { outcomes[index] = .duplicate }
            }
        }
        return outcomes
    }
}

extension BullMQQueue {
    /// The words of the command that adds these jobs in one call, once Redis knows the script; for measurements.
    package func addCall(_ jobs: [BullMQJob]) -> [String] {
        var writer = AddWriter(now: now())
        let call = writer.arguments(of: jobs[...])
        return BullMQScript.addJobs.callByHash([RedisArgument(base)], call).arguments.map(\.text)
    }
}

/// Writes jobs as the script `AddJobs` takes them. Neighbours mostly have the same options, which are written once.
private struct AddWriter {
    let now: Int64
    private var options = BullMQJobOptions()
    private var optionsAfterID = BullMQJobOptions().jsonAfterID

    init(now: Int64) { self.now = now }

    mutating func arguments(of jobs: some Collection<BullMQJob>) -> [RedisArgument] {
        var arguments: [RedisArgument] = []
        arguments.reserveCapacity(1 + jobs.count * 7)
        arguments.append(RedisArgument(now))
        for job in jobs {
            if job.options != options {
                options = job.options
                optionsAfterID = options.jsonAfterID
            }
            arguments.append(RedisArgument(job.id))
            arguments.append(RedisArgument(job.name))
            arguments.append(RedisArgument(job.data))
            arguments.append(RedisArgument("{\"jobId\":\(JSONString(job.id))\(optionsAfterID)"))
            arguments.append(RedisArgument(options.delay.milliseconds))
            arguments.append(RedisArgument(options.priority))
            arguments.append(options.isFirst ? "1" : "0")
        }
        return arguments
    }
}

/// Divides jobs into calls of a script, and the calls into groups that are sent together.
///
/// A call is short, so that it does not hold up Redis's other clients; a group is bounded, so that it does not fill memory.
struct AddCalls: Sequence, IteratorProtocol {
    static let jobsPerCall = 64
    static let bytesPerCall = 256 * 1024
    static let bytesPerGroup = 8 * 1024 * 1024
    static let callsPerGroup = 64

    private var rest: ArraySlice<Int>
    private let jobs: [BullMQJob]

    init(_ indices: [Int], of jobs: [BullMQJob]) {
        rest = indices[...]
        self.jobs = jobs
    }

    /// The next group: the indices of the jobs of each call.
    mutating func next() -> [ArraySlice<Int>]? {
        var group: [ArraySlice<Int>] = []
        var bytes = 0
        while !rest.isEmpty, group.count < Self.callsPerGroup, bytes < Self.bytesPerGroup {
            var size = 0
            let call = rest.prefix(Self.jobsPerCall).prefix { index in
                size += jobs[index].data.count
                return size <= Self.bytesPerCall
            }
            // A job that is larger than a call should be is alone in one.
            let taken = Swift.max(call.count, 1)
            group.append(rest.prefix(taken))
            rest = rest.dropFirst(taken)
            bytes += size
        }
        return group.isEmpty ? nil : group
    }
}
