import FoundationEssentials

/// The members of a JSON object, in their order, each value as the exact bytes that were stored.
///
/// Made for upcasters: what they do not touch stays as it was to the last digit. The values themselves are not checked
/// before somebody decodes them.
public struct JSONMembers: Hashable, Sendable {
    private var members: [Member] = []

    private struct Member: Hashable, Sendable {
        var name: String
        var value: [UInt8]
    }

    /// - Throws: ``MalformedJSON`` unless the payload is one JSON object in which no name stands twice.
    public init(_ payload: EventPayload) throws(MalformedJSON) {
        var scanner = JSONMemberScanner(payload.bytes)
        try scanner.scanObject { name, value throws(MalformedJSON) in
            guard !contains(name) else { throw MalformedJSON("the member \"\(name)\" stands twice") }
            members.append(Member(name: name, value: value))
        }
    }

    /// The members as one JSON object.
    public var payload: EventPayload {
        var bytes = [UInt8(ascii: "{")]
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += JSONMemberScanner.quoted(member.name)
            bytes.append(UInt8(ascii: ":"))
            bytes += member.value
        }
        bytes.append(UInt8(ascii: "}"))
        return EventPayload(bytes: bytes)
    }

    public var names: [String] { members.map(\.name) }

    public func contains(_ name: String) -> Bool { members.contains { $0.name == name } }

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
    public let description: String

    init(_ description: String) { self.description = description }
}
