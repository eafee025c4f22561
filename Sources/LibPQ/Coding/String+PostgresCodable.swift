extension String: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    /// `text`.
    @inlinable public static var postgresType: PostgresType { .text }
    /// `text[]`.
    @inlinable public static var postgresArrayType: PostgresType { .textArray }

    /// See ``PostgresEncodable/encode(into:)``.
    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(utf8: self) }

    /// See ``PostgresDecodable/decode(_:as:)``.
    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> String {
        switch type {
        case .text, .varchar, .bpchar, .name, .json, .unknown: break
        default: throw .type
        }
        guard let string = bytes.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else { throw .malformed }
        return string
    }
}
