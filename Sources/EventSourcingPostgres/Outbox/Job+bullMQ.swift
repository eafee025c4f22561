import EventSourcing

extension Job {
    /// The member `opts` of a job of BullMQ, as JSON.
    var bullMQOptions: [UInt8] { options.bullMQ(jobID: id) }
}

extension JobOptions {
    /// The options as BullMQ has them, as JSON: times in milliseconds, ages in seconds.
    func bullMQ(jobID: String?) -> [UInt8] {
        JSONWriter.bytes { json in
            json.object { json in
                if let jobID { json.member("jobId", jobID) }
                json.member("attempts", Int64(attempts))
                json.member("delay", delay.wholeMilliseconds)
                if priority > 0 { json.member("priority", Int64(priority)) }
                switch backoff {
                case .none: break
                case .fixed(let pause, let jitter): json.backoff("fixed", pause, jitter)
                case .exponential(let pause, let jitter): json.backoff("exponential", pause, jitter)
                }
                json.member("removeOnComplete") { $0.removal(keeping: keepsCompleted) }
                json.member("removeOnFail") { $0.removal(keeping: keepsFailed) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func backoff(_ type: String, _ pause: Duration, _ jitter: Double) {
        member("backoff") { json in
            json.object { json in
                json.member("type", type)
                json.member("delay", pause.wholeMilliseconds)
                if jitter > 0 { json.member("jitter") { $0.literal("\(jitter)") } }
            }
        }
    }

    fileprivate mutating func removal(keeping retention: JobRetention) {
        switch retention {
        case .all: literal("false")
        case .none: literal("true")
        case .count(let count): literal("\(count)")
        case .age(let age, let count):
            object { json in
                json.member("age", age.components.seconds)
                if let count { json.member("count", Int64(count)) }
            }
        }
    }
}

/// Names of BullMQ that get into SQL or have to be found again by others.
enum BullMQNames {
    static func queue(_ name: String) throws(InvalidName) -> String {
        let isName =
            !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy { $0.isASCIIWord || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        guard isName else {
            throw InvalidName(
                kind: "queue", value: name, rule: "use 1 to 128 ASCII letters, digits, dots, hyphens or underscores")
        }
        return name
    }

    static func schema(_ name: String) throws(InvalidName) -> String {
        guard !name.isEmpty, name.utf8.count <= 63, name.utf8.allSatisfy(\.isASCIIWord) else {
            throw InvalidName(
                kind: "schema of BullMQ", value: name, rule: "use 1 to 63 ASCII letters, digits or underscores")
        }
        return name
    }
}

extension UInt8 {
    fileprivate var isASCIIWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
