/// A JSON value as it was written: members in their order, repeated ones included, and numbers as text.
///
/// Foundation's decoder stops at the first mistake and rounds numbers; a refusal has to name every mistake, and 1e3 is
/// not 1000 when money is written.
package enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSON

        package init(name: String, value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The value without the members that are null, at any depth: where a value may be left out, null means the same.
    package var withoutNulls: JSON {
        switch self {
        case .object(let members):
            .object(
                members.compactMap { $0.value == .null ? nil : Member(name: $0.name, value: $0.value.withoutNulls) })
        case .array(let elements): .array(elements.map(\.withoutNulls))
        case .null, .bool, .number, .string: self
        }
    }

    /// The kind of value, with its article, as a message says it.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
