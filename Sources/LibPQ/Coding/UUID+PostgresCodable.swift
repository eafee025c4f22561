public import FoundationEssentials

extension UUID: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    /// `uuid`.
    public static var postgresType: PostgresType { .uuid }
    /// `uuid[]`.
    public static var postgresArrayType: PostgresType { .uuidArray }

    /// See ``PostgresEncodable/encode(into:)``.
    public func encode(into buffer: inout PostgresBuffer) {
        withUnsafeBytes(of: uuid) { buffer.append(raw: $0) }
    }

    /// See ``PostgresDecodable/decode(_:as:)``.
    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> UUID {
        guard type == .uuid else { throw .type }
        guard bytes.byteCount == 16 else { throw .malformed }
        return UUID(uuid: bytes.unsafeLoadUnaligned(as: uuid_t.self))
    }
}
