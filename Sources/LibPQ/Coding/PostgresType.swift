/// The object identifier of a PostgreSQL type (`pg_type.oid`); those of built-in types never change.
public struct PostgresType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The type's OID.
    public let rawValue: UInt32

    /// A type by its OID, as in `pg_type`.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `boolean`, a `Bool`.
    @inlinable public static var bool: PostgresType { PostgresType(rawValue: 16) }
    /// `bytea`, bytes.
    @inlinable public static var bytea: PostgresType { PostgresType(rawValue: 17) }
    /// `name`, identifiers of the catalogs.
    @inlinable public static var name: PostgresType { PostgresType(rawValue: 19) }
    /// `bigint`, an `Int64`.
    @inlinable public static var int8: PostgresType { PostgresType(rawValue: 20) }
    /// `smallint`, an `Int16`.
    @inlinable public static var int2: PostgresType { PostgresType(rawValue: 21) }
    /// `integer`, an `Int32`.
    @inlinable public static var int4: PostgresType { PostgresType(rawValue: 23) }
    /// `text`, a `String`.
    @inlinable public static var text: PostgresType { PostgresType(rawValue: 25) }
    /// `json`, a ``PostgresJSON``.
    @inlinable public static var json: PostgresType { PostgresType(rawValue: 114) }
    /// `real`, a `Float`.
    @inlinable public static var float4: PostgresType { PostgresType(rawValue: 700) }
    /// `double precision`, a `Double`.
    @inlinable public static var float8: PostgresType { PostgresType(rawValue: 701) }
    /// A literal whose type PostgreSQL has not found out.
    @inlinable public static var unknown: PostgresType { PostgresType(rawValue: 705) }
    /// `character(n)`.
    @inlinable public static var bpchar: PostgresType { PostgresType(rawValue: 1042) }
    /// `character varying`.
    @inlinable public static var varchar: PostgresType { PostgresType(rawValue: 1043) }
    /// `date`, a ``PostgresDate``.
    @inlinable public static var date: PostgresType { PostgresType(rawValue: 1082) }
    /// `timestamp without time zone`.
    @inlinable public static var timestamp: PostgresType { PostgresType(rawValue: 1114) }
    /// `timestamp with time zone`, a `Date`.
    @inlinable public static var timestamptz: PostgresType { PostgresType(rawValue: 1184) }
    /// `numeric`.
    @inlinable public static var numeric: PostgresType { PostgresType(rawValue: 1700) }
    /// `uuid`, a `UUID`.
    @inlinable public static var uuid: PostgresType { PostgresType(rawValue: 2950) }
    /// `jsonb`, a ``PostgresJSON``.
    @inlinable public static var jsonb: PostgresType { PostgresType(rawValue: 3802) }

    /// `boolean[]`.
    @inlinable public static var boolArray: PostgresType { PostgresType(rawValue: 1000) }
    /// `bytea[]`.
    @inlinable public static var byteaArray: PostgresType { PostgresType(rawValue: 1001) }
    /// `smallint[]`.
    @inlinable public static var int2Array: PostgresType { PostgresType(rawValue: 1005) }
    /// `integer[]`.
    @inlinable public static var int4Array: PostgresType { PostgresType(rawValue: 1007) }
    /// `text[]`.
    @inlinable public static var textArray: PostgresType { PostgresType(rawValue: 1009) }
    /// `bigint[]`.
    @inlinable public static var int8Array: PostgresType { PostgresType(rawValue: 1016) }
    /// `double precision[]`.
    @inlinable public static var float8Array: PostgresType { PostgresType(rawValue: 1022) }
    /// `date[]`.
    @inlinable public static var dateArray: PostgresType { PostgresType(rawValue: 1182) }
    /// `timestamp with time zone[]`.
    @inlinable public static var timestamptzArray: PostgresType { PostgresType(rawValue: 1185) }
    /// `uuid[]`.
    @inlinable public static var uuidArray: PostgresType { PostgresType(rawValue: 2951) }
    /// `jsonb[]`.
    @inlinable public static var jsonbArray: PostgresType { PostgresType(rawValue: 3807) }

    /// The SQL name of a type that this library knows, else `oid 12345`.
    public var description: String { Self.names[self] ?? "oid \(rawValue)" }

    private static let names: [PostgresType: String] = [
        .bool: "bool", .bytea: "bytea", .name: "name", .int8: "int8", .int2: "int2", .int4: "int4", .text: "text",
        .json: "json", .float4: "float4", .float8: "float8", .unknown: "unknown", .bpchar: "bpchar",
        .varchar: "varchar", .date: "date", .timestamp: "timestamp", .timestamptz: "timestamptz",
        .numeric: "numeric", .uuid: "uuid", .jsonb: "jsonb", .boolArray: "bool[]", .byteaArray: "bytea[]",
        .int2Array: "int2[]", .int4Array: "int4[]", .textArray: "text[]", .int8Array: "int8[]",
        .float8Array: "float8[]", .dateArray: "date[]", .timestamptzArray: "timestamptz[]", .uuidArray: "uuid[]",
        .jsonbArray: "jsonb[]",
    ]
}
