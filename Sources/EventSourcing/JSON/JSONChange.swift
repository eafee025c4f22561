import FoundationEssentials

/// A member of a JSON document, or an element of an array, that is another one in a second document.
public struct JSONChange: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Where it is, as a JSON pointer (RFC 6901): `/lines/0/amount`; empty for the whole document.
    public let path: String
    /// The JSON text of the value before; nil when it was added.
    public let before: String?
    /// The JSON text of the value after; nil when it was removed.
    public let after: String?

    /// A change of a value, or one that was added or removed.
    public init(path: String, before: String?, after: String?) {
        self.path = path
        self.before = before
        self.after = after
    }

    /// The pointer with both values.
    public var description: String { "\(path): \(before ?? "–") → \(after ?? "–")" }
}

extension EventPayload {
    /// What differs in another document, in the order of the pointers: objects are compared member by member, arrays
    /// element by element from the first, everything else as it is written.
    ///
    /// - Throws: ``MalformedJSON``.
    public func changes(to other: EventPayload) throws(MalformedJSON) -> [JSONChange] {
        var changes: [JSONChange] = []
        do throws(JSONSyntaxError) {
            try JSONChange.compare(bytes, other.bytes, at: "", into: &changes)
        } catch {
            throw MalformedJSON("line \(error.line), column \(error.column): \(error.reason)")
        }
        return changes
    }
}

extension JSONChange {
    fileprivate static func compare(
        _ before: [UInt8], _ after: [UInt8], at path: String, into changes: inout [JSONChange]
    ) throws(JSONSyntaxError) {
        if before == after { return }
        guard let old = try children(of: before), let new = try children(of: after), old.isObject == new.isObject else {
            changes.append(JSONChange(path, before, after))
            return
        }
        let names = old.isObject ? Set(old.values.keys).union(new.values.keys).sorted() : nil
        let count = max(old.values.count, new.values.count)
        for name in names ?? (0..<count).map(String.init) {
            let path = path + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
            if let before = old.values[name], let after = new.values[name] {
                try compare(before, after, at: path, into: &changes)
            } else {
                changes.append(JSONChange(path, old.values[name], new.values[name]))
            }
        }
    }

    private init(_ path: String, _ before: [UInt8]?, _ after: [UInt8]?) {
        self.init(
            path: path, before: before.map { String(decoding: $0, as: UTF8.self) },
            after: after.map { String(decoding: $0, as: UTF8.self) })
    }

    /// The members of an object by their names, or the elements of an array by their indices; nil for another value.
    private static func children(
        of bytes: [UInt8]
    ) throws(JSONSyntaxError) -> (values: [String: [UInt8]], isObject: Bool)? {
        var scanner = JSONScanner(bytes)
        let isObject = scanner.peek() == UInt8(ascii: "{")
        guard isObject || scanner.peek() == UInt8(ascii: "[") else { return nil }
        var (values, isFirst): ([String: [UInt8]], Bool) = ([:], true)
        try scanner.enter()
        while true {
            var name = String(values.count)
            if isObject {
                guard let text = try scanner.nextName(isFirst: &isFirst) else { break }
                guard let characters = scanner.characters(of: text) else {
                    throw scanner.error("the member's name is no text", at: text.range.lowerBound)
                }
                name = characters
            } else {
                guard try scanner.nextElement(isFirst: &isFirst) else { break }
            }
            _ = scanner.peek()
            let start = scanner.offset
            try scanner.value()
            values[name] = Array(bytes[start..<scanner.offset])
        }
        try scanner.end()
        return (values, isObject)
    }
}
