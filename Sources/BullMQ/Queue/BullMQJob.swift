/// A job that is added to a queue.
public struct BullMQJob: Hashable, Sendable {
    /// Unique in the queue for as long as the queue has the job. 1 to 512 bytes, without `:`, and not a whole number:
    /// BullMQ refuses such ids, which mean something else in its keys.
    public var id: String
    /// What kind of work it is. 1 to 512 bytes.
    public var name: String
    /// JSON.
    public var data: [UInt8]
    /// How the queue treats it.
    public var options: BullMQJobOptions

    /// Makes a job of bytes, which have to be JSON: other clients parse them.
    public init(id: String, name: String, data: [UInt8], options: BullMQJobOptions = BullMQJobOptions()) {
        self.id = id
        self.name = name
        self.data = data
        self.options = options
    }

    /// Makes a job of a text, which has to be JSON: other clients parse it.
    public init(id: String, name: String, data: String, options: BullMQJobOptions = BullMQJobOptions()) {
        self.init(id: id, name: name, data: Array(data.utf8), options: options)
    }

    /// Why a queue does not take the job; nil when it does.
    func refusal(maximumDataBytes: Int) -> String? {
        if !(1...512).contains(id.utf8.count) { return "the job's id must have 1 to 512 bytes" }
        if id.utf8.contains(UInt8(ascii: ":")) { return "the job's id \(id) contains a colon" }
        if Int64(id) != nil { return "the job's id \(id) is a number, as the ids that BullMQ assigns itself are" }
        if !(1...512).contains(name.utf8.count) { return "the name of job \(id) must have 1 to 512 bytes" }
        if data.count > maximumDataBytes {
            return "the data of job \(id) has \(data.count) bytes; the queue takes at most \(maximumDataBytes)"
        }
        return options.refusal.map { "job \(id): \($0)" }
    }
}

/// What became of a job that was added.
public enum BullMQOutcome: Hashable, Sendable {
    case added
    /// The queue has a job of this id; nothing changed.
    case duplicate
    /// The job was not sent.
    case refused(reason: String)
}
