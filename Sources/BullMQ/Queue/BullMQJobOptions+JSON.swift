import FoundationEssentials

// MARK: - Writing

extension BullMQJobOptions {
    /// The options as BullMQ stores them with a job.
    func json(id: String) -> String { #"{"jobId":\#(JSONString(id))"# + jsonAfterID }

    /// What all jobs with these options have in common.
    var jsonAfterID: String {
        var json = #","attempts":\#(attempts)"#
        if let backoff {
            json += #","backoff":{"type":"\#(backoff.growth.rawValue)","delay":\#(backoff.delay.milliseconds)"#
            json += backoff.jitter > 0 ? #","jitter":\#(backoff.jitter)}"# : "}"
        }
        json += #","delay":\#(delay.milliseconds)"#
        if priority > 0 { json += #","priority":\#(priority)"# }
        if isFirst { json += #","lifo":true"# }
        json += #","removeOnComplete":\#(removeOnComplete.json),"removeOnFail":\#(removeOnFail.json)}"#
        return json
    }
}

extension BullMQRetention {
    fileprivate var json: String {
        switch self {
        case .all: "false"
        case .none: "true"
        case .count(let count): "\(max(count, 0))"
        case .age(let age, nil): #"{"age":\#(age.components.seconds)}"#
        case .age(let age, let count?): #"{"age":\#(age.components.seconds),"count":\#(count)}"#
        }
    }
}

/// Text as a JSON string (RFC 8259).
struct JSONString: CustomStringConvertible {
    let description: String

    init(_ text: String) {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        guard !isPlain else {
            description = "\"\(text)\""
            return
        }
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        description = json + "\""
    }
}

// MARK: - Reading

extension BullMQJobOptions: Decodable {
    private enum CodingKeys: String, CodingKey {
        case attempts, backoff, delay, priority, lifo, removeOnComplete, removeOnFail
    }

    /// Options as any client of BullMQ stores them; what is missing has BullMQ's default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> Int {
            let number = try container.decodeIfPresent(Double.self, forKey: key) ?? 0
            return Int(exactly: number.rounded()) ?? 0
        }
        attempts = max(1, try number(.attempts))
        delay = .milliseconds(try number(.delay))
        priority = try number(.priority)
        isFirst = try container.decodeIfPresent(Bool.self, forKey: .lifo) ?? false
        backoff = try container.decodeIfPresent(BullMQBackoff.self, forKey: .backoff)
        removeOnComplete = try container.decodeIfPresent(BullMQRetention.self, forKey: .removeOnComplete) ?? .all
        removeOnFail = try container.decodeIfPresent(BullMQRetention.self, forKey: .removeOnFail) ?? .all
    }
}

extension BullMQBackoff: Decodable {
    private enum CodingKeys: String, CodingKey {
        case type, delay, jitter
    }

    /// A number of milliseconds, or an object. A type that only a program knows counts as `fixed`.
    public init(from decoder: any Decoder) throws {
        if let delay = try? decoder.singleValueContainer().decode(Double.self) {
            self.init(.fixed, .milliseconds(Int64(exactly: delay.rounded()) ?? 0))
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            Growth(rawValue: try container.decode(String.self, forKey: .type)) ?? .fixed,
            .milliseconds(
                Int64(exactly: (try container.decodeIfPresent(Double.self, forKey: .delay) ?? 0).rounded()) ?? 0),
            jitter: min(max(try container.decodeIfPresent(Double.self, forKey: .jitter) ?? 0, 0), 1))
    }
}

extension BullMQRetention: Decodable {
    private enum CodingKeys: String, CodingKey {
        case age, count
    }

    /// true to remove at once, a number of jobs to keep, or an object with an age in seconds and a number.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let removes = try? value.decode(Bool.self) {
            self = removes ? .none : .all
        } else if let count = try? value.decode(Int.self) {
            self = count < 0 ? .all : count == 0 ? .none : .count(count)
        } else {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let age = try container.decodeIfPresent(Int.self, forKey: .age)
            let count = try container.decodeIfPresent(Int.self, forKey: .count).flatMap { $0 < 0 ? nil : $0 }
            self = age.map { .age(.seconds($0), count: count) } ?? count.map { .count($0) } ?? .all
        }
    }
}
