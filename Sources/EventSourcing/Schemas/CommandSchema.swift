/// The fields of a command, their bounds and rules: how the command is decoded from JSON.
///
/// ```swift
/// static let schema = CommandSchema<ChangePrice>(
///     .id("productId"), .integer("price", in: 0...1_000_000_000), .text("reason", in: 1...200).optional
/// )
/// .rule("/reason", "Say why the product is free.") { $0.price > 0 || $0.reason != nil }
/// ```
///
/// The names are those of the command's coding keys.
public struct CommandSchema<Value: Decodable & Sendable>: Sendable {
    /// In the order in which errors name them.
    public let fields: [SchemaField]
    private var rules: [Rule] = []

    private struct Rule: Sendable {
        let error: FieldError
        let isMet: @Sendable (Value) -> Bool
    }

    /// A schema of these members.
    public init(_ fields: SchemaField...) { self.fields = fields }

    /// A schema of these members.
    public init(_ fields: [SchemaField]) { self.fields = fields }

    /// Adds a rule that the fields keep together; it is looked at when each of them is right by itself.
    ///
    /// - Parameters:
    ///   - pointer: a JSON pointer to the value that is wrong when the rule is not kept.
    ///   - detail: a sentence that says what to write.
    public func rule(
        _ pointer: String, code: FieldError.Code = .contradiction, _ detail: String,
        isMet: @escaping @Sendable (Value) -> Bool
    ) -> CommandSchema {
        var schema = self
        schema.rules.append(Rule(error: FieldError(pointer, code, detail), isMet: isMet))
        return schema
    }

    /// Decodes a value.
    ///
    /// - Throws: ``InvalidFields`` with everything that is wrong.
    public func decode(_ payload: EventPayload) throws(InvalidFields) -> Value {
        let json: JSON
        do { json = try JSONParser.parse(payload.bytes) } catch {
            throw InvalidFields([
                FieldError(
                    "", .notJSON, "Send one JSON value: line \(error.line), column \(error.column): \(error.reason).")
            ])
        }
        _ = try ObjectReader.readFields(of: json) { reader in
            for field in fields { field.read(&reader) }
            return true
        }
        let value: Value
        do { value = try payload.decode(Value.self) } catch {
            throw InvalidFields([FieldError(error.pointer, .wrongType, "This value does not decode: \(error).")])
        }
        try check(value)
        return value
    }

    /// Checks the rules of a value that was made by the program.
    ///
    /// - Throws: ``InvalidFields`` with all rules that are not kept.
    func check(_ value: Value) throws(InvalidFields) {
        let broken = rules.filter { !$0.isMet(value) }.map(\.error)
        guard broken.isEmpty else { throw InvalidFields(broken) }
    }

    /// The fields as a JSON Schema (draft 2020-12). Rules over several fields are not in it.
    public var jsonSchema: String {
        let schema =
            JSON.objectSchema(of: fields) + [
                JSON.Member(name: "$schema", value: .string("https://json-schema.org/draft/2020-12/schema"))
            ]
        return String(decoding: JSONWriter.bytes { $0.canonical(.object(schema)) }, as: UTF8.self)
    }
}

extension FieldError.Code {
    /// The text is not JSON.
    public static let notJSON = Self("not-json")
}

extension Error {
    /// A JSON pointer to the value that a decoder refused.
    fileprivate var pointer: String {
        guard let error = self as? DecodingError else { return "" }
        let path: [any CodingKey] =
            switch error {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            @unknown default: []
            }
        return path.reduce("") { FieldError.pointer(to: $1.stringValue, in: $0) }
    }
}
