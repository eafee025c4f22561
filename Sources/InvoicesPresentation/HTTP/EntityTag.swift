import EventSourcing

/// The tag of an invoice's state: its revision in quotes (RFC 9110, section 8.8.3).
enum EntityTag {
    static func text(for revision: Revision) -> String { "\"\(revision)\"" }

    /// The revision that a tag's content stands for; nil for a tag that this service never made.
    fileprivate static func revision(of content: Substring) -> Revision? {
        guard let number = Int64(content), number >= 0, String(number) == content else { return nil }
        return Revision(number)
    }
}

/// What `If-Match` asks of an invoice's revision (RFC 9110, section 13.1.1).
enum IfMatch: Hashable {
    /// `*`: any, as long as there is one.
    case any
    /// One of these. Weak tags and those that this service never made are not among them, for they match nothing.
    case oneOf(Set<Revision>)

    /// Nil when the text is neither `*` nor a list of entity tags. A list may have empty elements.
    init?(_ text: String) {
        var rest = text.drop { $0.isBlank || $0 == "," }
        if rest.first == "*" {
            guard rest.dropFirst().allSatisfy(\.isBlank) else { return nil }
            self = .any
            return
        }
        var (revisions, count): (Set<Revision>, Int) = ([], 0)
        while !rest.isEmpty {
            let isWeak = rest.hasPrefix("W/")
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.popFirst() == "\"", let end = rest.firstIndex(of: "\""),
                rest[..<end].unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
            else { return nil }
            if !isWeak, let revision = EntityTag.revision(of: rest[..<end]) { revisions.insert(revision) }
            count += 1
            rest = rest[end...].dropFirst().drop(while: \.isBlank)
            guard rest.isEmpty || rest.first == "," else { return nil }
            rest = rest.drop { $0.isBlank || $0 == "," }
        }
        guard count > 0 else { return nil }
        self = .oneOf(revisions)
    }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
}
