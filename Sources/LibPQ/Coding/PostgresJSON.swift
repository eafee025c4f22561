/// A JSON document as its bytes; it is a `jsonb` parameter and reads `jsonb` and `json` columns.
public struct PostgresJSON: Hashable, Sendable {
    /// The document in UTF-8.
    public var bytes: [UInt8]

    /// Takes JSON in UTF-8; PostgreSQL checks it.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Takes JSON; PostgreSQL checks it.
    public init(_ text: String) { self.init(Array(text.utf8)) }
}

extension PostgresJSON: CustomStringConvertible {
    /// The text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension PostgresJSON: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    /// `jsonb`.
    public static var postgresType: PostgresType { .jsonb }
    /// `jsonb[]`.
    public static var postgresArrayType: PostgresType { .jsonbArray }

    /// The version of `jsonb`'s binary format, its first byte.
    private static let version: UInt8 = 1

    /// See ``PostgresEncodable/encode(into:)``.
    public func encode(into buffer: inout PostgresBuffer) {
        buffer.append(Self.version)
        buffer.append(contentsOf: bytes)
    }

    /// See ``PostgresDecodable/decode(_:as:)``.
    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> PostgresJSON {
        switch type {
        case .json: return PostgresJSON(bytes.array)
        case .jsonb:
            guard bytes.byteCount > 0, bytes.unsafeLoad(as: UInt8.self) == version else { throw .malformed }
            return PostgresJSON(bytes.extracting(droppingFirst: 1).array)
        default: throw .type
        }
    }
}
