import FoundationEssentials

/// A job that a worker runs.
public struct ClaimedJob: Sendable {
    /// The id, unique in the queue.
    public let id: String
    /// The name that the producer gave it.
    public let name: String
    /// JSON.
    public let data: [UInt8]
    /// How the producer wants it to be treated.
    public let options: BullMQJobOptions
    /// When the job was added, in milliseconds since 1970.
    public let timestamp: Int64
    /// 1 for the first time, one more after each attempt that failed. An attempt whose worker was lost does not count.
    public let attempt: Int
    /// How often the worker that ran it was lost.
    public let stalls: Int
    /// Proves to Redis that this worker runs the job.
    let token: String
    /// Why the job has failed before it runs; nil for nearly all.
    let deferredFailure: String?
}

/// What Redis answers to a worker that asks for jobs.
struct Claim: Sendable {
    var jobs: [ClaimedJob]
    /// When the first delayed job is due, in milliseconds since 1970; nil for none.
    var nextDue: Int64?
    /// Until the rate limit allows more.
    var pause: Duration

    /// - Throws: ``RedisError`` when the reply is none of the script `ClaimJobs`.
    init(_ reply: RESPValue, token: String) throws {
        guard let parts = reply.array, parts.count == 3, let jobs = parts[0].array, let due = parts[1].integer,
            let pause = parts[2].integer
        else { throw RedisError.unexpectedReply(to: BullMQScript.claimJobs.name) }
        self.jobs = try jobs.map { try ClaimedJob($0, token: token) }
        nextDue = due == 0 ? nil : due
        self.pause = .milliseconds(pause)
    }
}

extension ClaimedJob {
    /// A job whose options cannot be read fails with that reason.
    fileprivate init(_ reply: RESPValue, token: String) throws {
        guard let parts = reply.array, parts.count == 2, let id = parts[0].text, let fields = parts[1].array,
            fields.count == 8, let name = fields[0].text
        else { throw RedisError.unexpectedReply(to: BullMQScript.claimJobs.name) }
        self.id = id
        self.name = name
        self.token = token
        data = fields[1].bytes ?? []
        timestamp = fields[3].integer ?? 0
        attempt = Int(fields[4].integer ?? 0) + 1
        stalls = Int(fields[5].integer ?? 0)
        let deferred = fields[7].text
        do {
            let json = fields[2].bytes ?? Array("{}".utf8)
            options = try JSONDecoder().decode(BullMQJobOptions.self, from: Data(json))
            deferredFailure = deferred
        } catch {
            options = BullMQJobOptions()
            deferredFailure = deferred ?? "the job's options cannot be read"
        }
    }
}
