import Crypto
package import EventSourcing
import FoundationEssentials

/// Names one state of an answer (RFC 9110, section 8.8.3) by a digest of its bytes. In the answers of a resource its revision
/// comes first: `"3-9f86d081884c7d659a2feaa0"`.
///
/// The revision alone would not do: the same revision is overdue from one midnight on, is a page as well as JSON, and has other
/// members in another version of the program. `If-Match` is about the resource, and takes the revision from any of its tags,
/// or the revision alone (`"3"`).
package struct EntityTag: Hashable {
    let isWeak: Bool
    /// What stands between the quotes.
    let content: String

    /// What the answers with a tag are of.
    package enum Subject: Hashable, Sendable {
        /// One resource, as it is at a revision.
        case resource(Revision)
        /// Anything else, such as a list.
        case content

        /// The tag of an answer, with its quotes.
        ///
        /// - Parameter body: the bytes of the answer, or others that are the same whenever these are.
        package func tag(of body: [UInt8]) -> String {
            var text: [UInt8] = []
            text.reserveCapacity(48)
            text.append(UInt8(ascii: "\""))
            if case .resource(let revision) = self { text += "\(revision)-".utf8 }
            SHA256.hash(data: body).withUnsafeBytes { digest in
                for byte in digest.prefix(EntityTag.digestLength) {
                    text.append(EntityTag.digits[Int(byte >> 4)])
                    text.append(EntityTag.digits[Int(byte & 0xF)])
                }
            }
            text.append(UInt8(ascii: "\""))
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// In bytes; each is two digits.
    private static let digestLength = 12
    private static let digits = Array("0123456789abcdef".utf8)

    /// Names a resource's state whatever the answer, with its quotes: good for `If-Match` alone.
    package static func text(for revision: Revision) -> String { "\"\(revision)\"" }

    /// The tag of the same state compressed: as other bytes, it has to have another tag.
    static func compressed(_ text: String) -> String {
        text.hasSuffix("\"") ? text.dropLast() + suffix + "\"" : text
    }

    private static let suffix = "-gzip"

    /// The content without what a compressed answer has added to it.
    private var identity: Substring {
        content.hasSuffix(Self.suffix) ? content.dropLast(Self.suffix.count) : content[...]
    }

    /// The revision in the tag; nil for a tag that this service never made.
    var revision: Revision? {
        let parts = identity.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let number = Int64(parts[0]), number >= 0, String(number) == parts[0],
            parts.dropFirst().allSatisfy(Self.isDigest)
        else { return nil }
        return Revision(number)
    }

    private static func isDigest(_ text: Substring) -> Bool {
        text.utf8.count == 2 * digestLength && text.utf8.allSatisfy(digits.contains)
    }

    /// Whether both name the same answer, weak or strong, compressed or not.
    func weaklyMatches(_ other: EntityTag) -> Bool { identity == other.identity }
}

/// The value of `If-Match` or `If-None-Match`.
enum EntityTags: Hashable {
    /// `*`
    case any
    case list([EntityTag])

    /// Nil when the text is neither `*` nor a list of entity tags. A list may have empty elements.
    init?(_ text: String) {
        var rest = text.drop { $0.isBlank || $0 == "," }
        if rest.first == "*" {
            guard rest.dropFirst().allSatisfy(\.isBlank) else { return nil }
            self = .any
            return
        }
        var tags: [EntityTag] = []
        while !rest.isEmpty {
            let isWeak = rest.hasPrefix("W/")
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.popFirst() == "\"", let end = rest.firstIndex(of: "\""),
                rest[..<end].unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
            else { return nil }
            tags.append(EntityTag(isWeak: isWeak, content: String(rest[..<end])))
            rest = rest[end...].dropFirst().drop(while: \.isBlank)
            guard rest.isEmpty || rest.first == "," else { return nil }
            rest = rest.drop { $0.isBlank || $0 == "," }
        }
        guard !tags.isEmpty else { return nil }
        self = .list(tags)
    }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
}
