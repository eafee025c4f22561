extension String: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    @inlinable public static var postgresType: PostgresType { .text }
    @inlinable public static var postgresArrayType: PostgresType { .textArray }

    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(utf8: self) }

    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> String {
        switch type {
        case .text, .varchar, .bpchar, .name, .json, .unknown: break
        default: throw .type
        }
        guard let string = bytes.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else { throw .malformed }
        return string
    }
}
