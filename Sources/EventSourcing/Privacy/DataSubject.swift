/// The person whom personal data is about, by a pseudonym: what GDPR calls the data subject.
///
/// 1 to 128 ASCII letters, digits, `_`, `.` or `-`. It stays readable in events and stream names for ever, also after
/// the person was forgotten: use a random id, never a name or an address.
public struct DataSubject: Hashable, Sendable, CustomStringConvertible {
    /// The pseudonym, as it is stored in events for ever.
    public let rawValue: String

    /// - Throws: ``InvalidName`` when the text breaks the rule above.
    public init(_ text: String) throws(InvalidName) {
        rawValue = try text.identifier(as: "data subject")
    }

    /// A subject as a store holds it: checked when it was written.
    package init(stored rawValue: String) { self.rawValue = rawValue }

    /// The pseudonym.
    public var description: String { rawValue }
}

extension DataSubject: Codable {
    /// Reads a pseudonym; throws `DecodingError` when it is not a valid one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do { try self.init(text) } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the pseudonym as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
