import EventSourcing

extension JSONWriter {
    /// Writes an event's own data, with ids in lower case as they are in every answer. The log has them in capitals, and
    /// keeps them: what was stored once is never written differently.
    mutating func eventData(_ data: EventPayload) {
        guard let json = try? JSONParser.parse(data.bytes) else { return literal(data.bytes) }
        canonical(json.withIDsInLowerCase)
    }
}

extension JSON {
    private static let ids: Set = ["invoiceId", "customerId"]

    fileprivate var withIDsInLowerCase: JSON {
        switch self {
        case .object(let members):
            .object(
                members.map { member in
                    if case .string(let id) = member.value, Self.ids.contains(member.name) {
                        Member(name: member.name, value: .string(id.lowercased()))
                    } else {
                        Member(name: member.name, value: member.value.withIDsInLowerCase)
                    }
                })
        case .array(let elements): .array(elements.map(\.withIDsInLowerCase))
        case .null, .bool, .number, .string: self
        }
    }
}
