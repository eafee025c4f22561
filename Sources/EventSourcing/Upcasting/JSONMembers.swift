import FoundationEssentials

/// The members of a JSON object, in their order, each value as the exact bytes that were stored.
///
/// Made for upcasters: a value that is not changed keeps its bytes, to the last digit of a number.
public struct JSONMembers: Hashable, Sendable {
    private var members: [Member] = []

    private struct Member: Hashable, Sendable {
        var name: String
        var value: [UInt8]
    }

    /// - Throws: ``MalformedJSON`` unless the payload is one JSON object in which every name is there once.
    public init(_ payload: EventPayload) throws(MalformedJSON) {
        do throws(JSONSyntaxError) {
            try read(payload.bytes)
        } catch {
            throw MalformedJSON("line \(error.line), column \(error.column): \(error.reason)")
        }
        for (index, member) in members.enumerated() where members[..<index].contains(where: { $0.name == member.name })
        {
            throw MalformedJSON("the member \"\(member.name)\" is there twice")
        }
    }

    private mutating func read(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        var scanner = JSONScanner(bytes)
        guard scanner.peek() == UInt8(ascii: "{") else { throw scanner.error("expected an object") }
        try scanner.enter()
        var isFirst = true
        while let text = try scanner.nextName(isFirst: &isFirst) {
            guard let name = scanner.characters(of: text) else {
                throw scanner.error("the member's name is no text", at: text.range.lowerBound)
            }
            _ = scanner.peek()
            let start = scanner.offset
            try scanner.value()
            _ = scanner.peek()
            members.append(Member(name: name, value: Array(bytes[start..<scanner.offset])))
        }
        try scanner.end()
    }

    /// The members as one JSON object.
    public var payload: EventPayload {
        EventPayload(
            bytes: JSONWriter.bytes { json in
                json.object { json in
                    for member in members { json.member(named: member.name) { $0.literal(member.value) } }
                }
            })
    }

    /// The names of the members, in their order.
    public var names: [String] { members.map(\.name) }

    /// Whether there is a member of this name, null or not.
    public func contains(_ name: String) -> Bool { members.contains { $0.name == name } }

    /// The value of a member as it was stored; nil when there is no such member.
    package func value(_ name: String) -> EventPayload? {
        members.first { $0.name == name }.map { EventPayload(bytes: $0.value) }
    }

    /// Decodes a member's value; nil when there is no such member or it is `null`.
    ///
    /// - Throws: `DecodingError` when the value is of another type.
    public func decode<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value? {
        guard let member = members.first(where: { $0.name == name }) else { return nil }
        return try EventPayload(bytes: member.value).decode(Value?.self)
    }

    /// Sets a member: in its place when it is there, else as the last one.
    public mutating func set(_ name: String, to value: some Encodable) throws {
        let value = try EventPayload(encoding: value).bytes
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index].value = value
        } else {
            members.append(Member(name: name, value: value))
        }
    }

    /// Removes a member, if it is there.
    public mutating func remove(_ name: String) { members.removeAll { $0.name == name } }

    /// Gives a member another name, if it is there; a member that has that name already gives way.
    public mutating func rename(_ name: String, to newName: String) {
        guard name != newName, contains(name) else { return }
        remove(newName)
        if let index = members.firstIndex(where: { $0.name == name }) { members[index].name = newName }
    }
}

/// Bytes that are not the JSON that was expected: what is wrong.
public struct MalformedJSON: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the JSON, and where.
    public let description: String

    init(_ description: String) { self.description = description }
}
