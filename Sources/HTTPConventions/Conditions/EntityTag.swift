package import EventSourcing

/// Names one state of an answer (RFC 9110, section 8.8.3): that of a resource is its revision.
package struct EntityTag: Hashable {
    let isWeak: Bool
    /// What stands between the quotes.
    let content: String

    /// The tag of a resource's state, with its quotes.
    package static func text(for revision: Revision) -> String { "\"\(revision)\"" }

    /// The tag of the same state compressed: as other bytes, it has to have another tag.
    static func compressed(_ text: String) -> String {
        text.hasSuffix("\"") ? text.dropLast() + suffix + "\"" : text
    }

    /// The tag of the same state as a page for people.
    package static func printed(_ text: String) -> String { text.dropLast() + "-html\"" }

    private static let suffix = "-gzip"

    /// The content without what a compressed answer has added to it.
    private var identity: Substring {
        content.hasSuffix(Self.suffix) ? content.dropLast(Self.suffix.count) : content[...]
    }

    /// The revision that the tag stands for, compressed or not; nil for a tag that this service never made.
    var revision: Revision? {
        guard let number = Int64(identity), number >= 0, String(number) == identity else { return nil }
        return Revision(number)
    }

    /// Whether both name the same state, weak or strong, compressed or not.
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
