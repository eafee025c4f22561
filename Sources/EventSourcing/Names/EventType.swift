/// The stored name of a kind of event: `<context>.<aggregate>.<action>.v<schema>`, such as `invoices.invoice.paid.v1`.
public struct EventType: Hashable, Sendable, CustomStringConvertible {
    /// The whole name, as it is stored.
    public let rawValue: String
    /// The version of the payload's schema, from 1: the number in the name's last part.
    public let schemaVersion: Int

    /// - Throws: ``InvalidName`` unless context, aggregate and action are lower-case words and the schema is at least 1.
    public init(_ text: String) throws(InvalidName) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Substring.init)
        guard parts.count == 4, let version = String.schemaVersion(in: parts[3]),
            parts.prefix(3).allSatisfy({ String($0).isLowercaseWord })
        else {
            throw InvalidName(
                kind: "event type", value: text,
                rule: "use <context>.<aggregate>.<action>.v<schema>, where the first three are lower-case words")
        }
        rawValue = text
        schemaVersion = version
    }

    /// A type as a store holds it: checked when it was written.
    package init(stored rawValue: String, schemaVersion: Int) {
        self.rawValue = rawValue
        self.schemaVersion = schemaVersion
    }

    /// The aggregate that the event is about: `<context>.<aggregate>`.
    public var aggregate: Substring {
        var dots = 0
        return Substring(
            rawValue.utf8.prefix { byte in
                if byte == UInt8(ascii: ".") { dots += 1 }
                return dots < 2
            })
    }

    /// The whole name, as it is stored.
    public var description: String { rawValue }
}
