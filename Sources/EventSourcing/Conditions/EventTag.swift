import Crypto
import FoundationEssentials

/// What an event is about besides its stream, such as `customer:42` or `budget:2026`: an event of whatever stream is found
/// by its tags.
///
/// Tags are stored in the clear and are not encrypted with a subject's key. Redacting an event removes its tags with its
/// data. Do not put personal data into a tag; use a keyed hash of it, see ``init(_:hashing:key:)``.
public struct EventTag: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The whole tag.
    public let rawValue: String

    /// - Throws: ``InvalidName`` unless the text is 1 to 255 printable ASCII characters without spaces.
    public init(_ text: String) throws(InvalidName) {
        guard text.isName(upTo: 255, where: { $0 > 0x20 && $0 < 0x7f }) else {
            throw InvalidName(
                kind: "event tag", value: text, rule: "use 1 to 255 printable ASCII characters without spaces")
        }
        rawValue = text
    }

    /// The tag `<kind>:<hash>`, with the HMAC-SHA-256 of a value (RFC 2104) in hexadecimal: it finds the events of a value,
    /// such as an e-mail address, without storing it. Without the key, the value cannot be guessed from the tag.
    ///
    /// - Parameters:
    ///   - value: normalised by the caller: two spellings of one address have two hashes.
    ///   - key: secret, the same for all processes, at least 16 bytes. Events keep the tags of the key they were appended with.
    /// - Throws: ``InvalidName`` when `kind` is not 1 to 190 printable ASCII characters without spaces.
    public init(_ kind: String, hashing value: String, key: [UInt8]) throws(InvalidName) {
        let hash = HMAC<SHA256>.authenticationCode(for: Array(value.utf8), using: SymmetricKey(data: key))
        try self.init("\(kind):\(hash.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined())")
    }

    /// A tag as a store holds it: checked when it was written.
    package init(stored rawValue: some StringProtocol) { self.rawValue = String(rawValue) }

    /// Tags are in the order of their texts.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The whole tag.
    public var description: String { rawValue }
}
