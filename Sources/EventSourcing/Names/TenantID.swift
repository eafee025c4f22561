/// Whose data it is: a validated tenant, part of every stream name and of every key in a store.
///
/// 1 to 64 ASCII letters, digits, `_` or `.`. A hyphen is refused, because it separates the parts of a stream name;
/// a UUID serves as a tenant without its hyphens.
public struct TenantID: Hashable, Sendable, CustomStringConvertible {
    /// The text, as it is part of stream names.
    public let rawValue: String

    /// - Throws: ``InvalidName`` when the text breaks the rule above.
    public init(_ text: String) throws(InvalidName) {
        let isValid = text.isName(upTo: 64) {
            $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        guard isValid else {
            throw InvalidName(
                kind: "tenant", value: text, rule: "use 1 to 64 ASCII letters, digits, underscores or dots")
        }
        rawValue = text
    }

    /// A tenant as a store holds it: checked when it was written.
    package init(stored rawValue: String) { self.rawValue = rawValue }

    /// The text, as it is part of stream names.
    public var description: String { rawValue }
}
