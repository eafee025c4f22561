extension JSONWriter {
    /// Writes a value so that two texts of the same value come out the same: without white space, and with the members
    /// in the order of their names. Numbers stay as they were written.
    package mutating func canonical(_ json: JSON) {
        switch json {
        case .null: null()
        case .bool(let value): literal(value ? "true" : "false")
        case .number(let text): literal(text)
        case .string(let text): string(text)
        case .array(let elements): array(elements) { $0.canonical($1) }
        case .object(let members):
            object { json in
                for member in members.sorted(by: { $0.name < $1.name }) {
                    json.member(named: member.name) { $0.canonical(member.value) }
                }
            }
        }
    }
}
