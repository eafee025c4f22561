extension Int64: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    public static var postgresType: PostgresType { .int8 }
    public static var postgresArrayType: PostgresType { .int8Array }

    public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
