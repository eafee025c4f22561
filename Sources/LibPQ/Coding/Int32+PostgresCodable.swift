extension Int32: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    public static var postgresType: PostgresType { .int4 }
    public static var postgresArrayType: PostgresType { .int4Array }

    public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
