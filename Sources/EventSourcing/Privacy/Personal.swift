/// Personal data of one person as a member of an event's payload, for as long as the person is not forgotten:
///
/// ```swift
/// struct CustomerRegistered: Codable {
///     let customer: DataSubject
///     let email: Personal<String>
/// }
/// ```
///
/// A ``SealingEventStore`` stores the value encrypted under a key of the subject. When the key is destroyed, every copy
/// of the event reads as ``forgotten(_:)``; see <doc:CryptoShredding>. Personal values do not nest.
public enum Personal<Value: Codable & Sendable>: Sendable {
    case known(Value, DataSubject)
    /// The subject was forgotten, and the value with it.
    case forgotten(DataSubject)

    /// Whose data it is, forgotten or not.
    public var subject: DataSubject {
        switch self {
        case .known(_, let subject), .forgotten(let subject): subject
        }
    }

    /// Nil when the subject was forgotten.
    public var value: Value? {
        switch self {
        case .known(let value, _): value
        case .forgotten: nil
        }
    }
}

extension Personal: Equatable where Value: Equatable {}
extension Personal: Hashable where Value: Hashable {}

extension Personal: Codable {
    private enum MarkerKey: String, CodingKey {
        case personal = "$personal"
        case sealed = "$sealed"
        case forgotten = "$forgotten"
    }

    private enum MemberKey: String, CodingKey { case subject, value, witness }

    /// Reads `{"$personal": {"subject": …, "value": …}}` or `{"$forgotten": {"subject": …}}`.
    ///
    /// - Throws: `DecodingError`, also for a value that is still sealed.
    public init(from decoder: any Decoder) throws {
        let marker = try decoder.container(keyedBy: MarkerKey.self)
        if marker.contains(.personal) {
            let members = try marker.nestedContainer(keyedBy: MemberKey.self, forKey: .personal)
            self = .known(
                try members.decode(Value.self, forKey: .value), try members.decode(DataSubject.self, forKey: .subject))
        } else if marker.contains(.forgotten) {
            let members = try marker.nestedContainer(keyedBy: MemberKey.self, forKey: .forgotten)
            self = .forgotten(try members.decode(DataSubject.self, forKey: .subject))
        } else {
            let problem =
                marker.contains(.sealed)
                ? "it is sealed; read it through a SealingEventStore" : "it is not marked as personal data"
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem))
        }
    }

    /// Writes what the initialiser reads, with a witness that it was written here and not by a sender of data.
    public func encode(to encoder: any Encoder) throws {
        var marker = encoder.container(keyedBy: MarkerKey.self)
        switch self {
        case .known(let value, let subject):
            var members = marker.nestedContainer(keyedBy: MemberKey.self, forKey: .personal)
            try members.encode(subject, forKey: .subject)
            try members.encode(value, forKey: .value)
            try members.encode(PersonalWitness.text, forKey: .witness)
        case .forgotten(let subject):
            var members = marker.nestedContainer(keyedBy: MemberKey.self, forKey: .forgotten)
            try members.encode(subject, forKey: .subject)
            try members.encode(PersonalWitness.text, forKey: .witness)
        }
    }
}

/// Tells the markers that ``Personal`` writes from look-alikes in data that came from outside.
///
/// A random number of this process: nobody outside can know it, and it is taken off before anything is stored.
enum PersonalWitness {
    static let text: String = {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in String(generator.next() as UInt64, radix: 16) }.joined(separator: "-")
    }()
}
