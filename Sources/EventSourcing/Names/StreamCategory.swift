/// What kind of aggregate a stream belongs to: `<context>.<aggregate>.v<schema>`, such as `invoices.invoice.v1`.
public struct StreamCategory: Hashable, Sendable, CustomStringConvertible {
    /// The bounded context, such as `invoices`.
    public let context: String
    /// The aggregate, such as `invoice`.
    public let aggregate: String
    /// The version of the aggregate's schema, from 1.
    public let schema: Int
    /// The whole name: `<context>.<aggregate>.v<schema>`.
    public let rawValue: String

    /// - Throws: ``InvalidName`` unless context and aggregate are lower-case words (a letter, then letters, digits or
    ///   underscores, at most 64) and the schema is at least 1.
    public init(context: String, aggregate: String, schema: Int) throws(InvalidName) {
        let rawValue = "\(context).\(aggregate).v\(schema)"
        guard context.isLowercaseWord, aggregate.isLowercaseWord, schema >= 1 else {
            throw InvalidName(kind: "stream category", value: rawValue, rule: Self.rule)
        }
        self.init(context: context, aggregate: aggregate, schema: schema, rawValue: rawValue)
    }

    /// Reads a category from its text, `<context>.<aggregate>.v<schema>`.
    public init(_ text: String) throws(InvalidName) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Substring.init)
        guard parts.count == 3, let schema = String.schemaVersion(in: parts[2]) else {
            throw InvalidName(kind: "stream category", value: text, rule: Self.rule)
        }
        try self.init(context: String(parts[0]), aggregate: String(parts[1]), schema: schema)
    }

    private init(context: String, aggregate: String, schema: Int, rawValue: String) {
        self.context = context
        self.aggregate = aggregate
        self.schema = schema
        self.rawValue = rawValue
    }

    /// The whole name: `<context>.<aggregate>.v<schema>`.
    public var description: String { rawValue }

    private static let rule =
        "use <context>.<aggregate>.v<schema>, where context and aggregate are lower-case words and schema is 1 or more"
}
