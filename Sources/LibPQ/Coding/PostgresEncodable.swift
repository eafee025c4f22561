/// A value that can be a parameter, in PostgreSQL's binary format.
public protocol PostgresEncodable: Sendable {
    /// The type that the server is told the parameter has.
    static var postgresType: PostgresType { get }
    /// Whether the parameter is NULL; ``encode(into:)`` is not called then.
    var isPostgresNull: Bool { get }
    /// Appends the binary form.
    func encode(into buffer: inout PostgresBuffer)
}

extension PostgresEncodable {
    /// False: a value is not null.
    @inlinable public var isPostgresNull: Bool { false }
}

/// A value that can be read from a column, in PostgreSQL's binary format.
public protocol PostgresDecodable: Sendable {
    /// Decodes a value that is not NULL and whose column has the given type.
    static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> Self
    /// What NULL becomes. Only optionals have an answer.
    static func decodeNull() throws(PostgresDecodingFailure) -> Self
}

extension PostgresDecodable {
    /// Throws: null is no value of this type. Decode an optional where it can be null.
    @inlinable public static func decodeNull() throws(PostgresDecodingFailure) -> Self { throw .null }
}

/// A value that travels in both directions.
public typealias PostgresCodable = PostgresEncodable & PostgresDecodable

/// Why a value was not decoded. Rows turn it into a ``PostgresError`` that names the column and the types.
public enum PostgresDecodingFailure: Error, Hashable, Sendable {
    /// NULL, and the type is not optional.
    case null
    /// The Swift type does not read columns of this type.
    case type
    /// The column holds a value that the Swift type cannot.
    case outOfRange
    /// The bytes are not a value of the column's type.
    case malformed
}
