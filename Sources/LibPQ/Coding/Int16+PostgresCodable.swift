extension Int16: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    public static var postgresType: PostgresType { .int2 }
    public static var postgresArrayType: PostgresType { .int2Array }

    public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
