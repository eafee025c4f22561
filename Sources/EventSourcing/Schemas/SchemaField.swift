import FoundationEssentials

/// One field of a ``CommandSchema``: its name, what it may be, and how that is read.
public struct SchemaField: Sendable {
    /// The name of the member.
    public let name: String
    /// Whether the member has to be there.
    public private(set) var isRequired = true
    let schema: [JSON.Member]
    private let reading: @Sendable (inout ObjectReader, _ isRequired: Bool) -> Void

    private init(
        _ name: String, schema: [JSON.Member], reading: @escaping @Sendable (inout ObjectReader, Bool) -> Void
    ) {
        self.name = name
        self.schema = schema
        self.reading = reading
    }

    /// A field of a format.
    private init<Value>(_ name: String, _ format: MemberFormat<Value>, schema: [JSON.Member]) {
        self.init(name, schema: schema) { reader, isRequired in
            if isRequired {
                _ = reader.required(name, as: format)
            } else {
                _ = reader.optional(name, as: format)
            }
        }
    }

    /// The same field, which may be left out or null.
    public var optional: SchemaField {
        var field = self
        field.isRequired = false
        return field
    }

    func read(_ reader: inout ObjectReader) { reading(&reader, isRequired) }
}

extension SchemaField {
    /// Text without control characters other than line breaks and tabs.
    ///
    /// - Parameter length: in Unicode code points, as JSON Schema counts them.
    public static func text(_ name: String, in length: ClosedRange<Int>) -> SchemaField {
        text(
            name, "Write text of \(length.lowerBound) to \(length.upperBound) characters, without control characters.",
            schema: [.member("minLength", length.lowerBound), .member("maxLength", length.upperBound)]
        ) { text in length.contains(text.unicodeScalars.count) && !text.unicodeScalars.contains(where: \.isControl) }
    }

    /// Text of a form of its own.
    ///
    /// - Parameters:
    ///   - expectation: a sentence that says what to write.
    ///   - isValid: whether the text has the form.
    public static func text(
        _ name: String, _ expectation: String, isValid: @escaping @Sendable (String) -> Bool
    ) -> SchemaField { text(name, expectation, schema: [], isValid: isValid) }

    private static func text(
        _ name: String, code: FieldError.Code = .invalidText, _ expectation: String, schema: [JSON.Member],
        isValid: @escaping @Sendable (String) -> Bool
    ) -> SchemaField {
        let format = MemberFormat<String>.text(expectation, else: code) { isValid($0) ? $0 : nil }
        return SchemaField(name, format, schema: [.member("type", "string")] + schema)
    }

    /// The id of an aggregate: what the name of a stream can end with.
    public static func id(_ name: String) -> SchemaField {
        text(
            name, "Write an id of 1 to 128 ASCII letters, digits, hyphens, underscores, dots, colons or tildes.",
            schema: [.member("pattern", "^[A-Za-z0-9_.:~-]{1,128}$")], isValid: StreamName.isEntityID)
    }

    /// A member that is a UUID, as text.
    public static func uuid(_ name: String) -> SchemaField {
        text(
            name, code: .notAUUID, "Write a UUID such as 0190a1b2-0000-7000-8000-000000000001.",
            schema: [.member("format", "uuid")], isValid: { UUID(text: $0) != nil })
    }

    /// A time as RFC 3339 has it.
    public static func time(_ name: String) -> SchemaField {
        SchemaField(name, .time, schema: [.member("type", "string"), .member("format", "date-time")])
    }

    /// One of several words.
    public static func choice(_ name: String, of values: [String]) -> SchemaField {
        text(
            name, code: .unknownValue, "Write one of \(values.joined(separator: ", ")).",
            schema: [JSON.Member(name: "enum", value: .array(values.map(JSON.string)))], isValid: values.contains)
    }

    /// An integer, written without a fraction or an exponent.
    public static func integer(_ name: String, in range: ClosedRange<Int64>) -> SchemaField {
        SchemaField(
            name, .integer(in: range),
            schema: [
                .member("type", "integer"), JSON.Member(name: "minimum", value: .number("\(range.lowerBound)")),
                JSON.Member(name: "maximum", value: .number("\(range.upperBound)")),
            ])
    }

    /// A member that is true or false.
    public static func bool(_ name: String) -> SchemaField {
        SchemaField(name, MemberFormat<Bool>.bool, schema: [.member("type", "boolean")])
    }

    /// An object with fields of its own.
    public static func object(_ name: String, _ fields: SchemaField...) -> SchemaField {
        SchemaField(name, schema: JSON.objectSchema(of: fields)) { reader, isRequired in
            _ = reader.object(name, isRequired: isRequired) { reader in
                for field in fields { field.read(&reader) }
                return true
            }
        }
    }

    /// An array of objects, which is never left out.
    ///
    /// - Parameter counts: how many there may be.
    public static func objects(_ name: String, count counts: ClosedRange<Int>, _ fields: SchemaField...) -> SchemaField
    {
        let schema: [JSON.Member] = [
            .member("type", "array"), .member("minItems", counts.lowerBound), .member("maxItems", counts.upperBound),
            JSON.Member(name: "items", value: .object(JSON.objectSchema(of: fields))),
        ]
        return SchemaField(name, schema: schema) { reader, isRequired in
            guard isRequired || reader.gives(name) else { return reader.pass(over: name) }
            _ = reader.objects(name, counts: counts) { reader in
                for field in fields { field.read(&reader) }
                return true
            }
        }
    }
}

extension JSON {
    /// What JSON Schema says of an object with these fields and no others.
    static func objectSchema(of fields: [SchemaField]) -> [Member] {
        let properties = fields.map { field in Member(name: field.name, value: .object(field.schema)) }
        return [
            .member("type", "object"), Member(name: "properties", value: .object(properties)),
            Member(name: "required", value: .array(fields.filter(\.isRequired).map { .string($0.name) })),
            Member(name: "additionalProperties", value: .bool(false)),
        ]
    }
}

extension JSON.Member {
    fileprivate static func member(_ name: String, _ text: String) -> Self { Self(name: name, value: .string(text)) }

    fileprivate static func member(_ name: String, _ number: Int) -> Self {
        Self(name: name, value: .number(String(number)))
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { (value < 0x20 && ![0x09, 0x0A, 0x0D].contains(value)) || value == 0x7F }
}
