/// One cell of a row.
public struct PostgresCell: Sendable {
    @usableFromInline let result: ResultHandle
    @usableFromInline let row: Int
    @usableFromInline let column: Int

    @inlinable init(result: ResultHandle, row: Int, column: Int) {
        self.result = result
        self.row = row
        self.column = column
    }

    /// Whether it is null.
    @inlinable public var isNull: Bool { result.isNull(row, column) }

    /// The name of the column in the result.
    public var columnName: String { result.columnName(column) }

    /// The type of the column.
    @inlinable public var type: PostgresType { result.columnType(column) }

    /// Lends the binary form of the value without copying it; of NULL, no bytes.
    @inlinable public func withBytes<Answer, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        defer { withExtendedLifetime(result) {} }
        return try body(RawSpan(_unsafeBytes: result.bytes(row, column)))
    }

    /// Decodes the value.
    /// - Throws: ``PostgresError/Code/decoding`` with the column's name, its type and the Swift type.
    @inlinable public func decode<Value: PostgresDecodable>(_ valueType: Value.Type = Value.self) throws -> Value {
        do throws(PostgresDecodingFailure) {
            if isNull { return try Value.decodeNull() }
            let type = type
            return try withBytes { bytes throws(PostgresDecodingFailure) in try Value.decode(bytes, as: type) }
        } catch {
            throw PostgresError(.decoding, explain(error, as: valueType))
        }
    }

    @usableFromInline func explain(_ failure: PostgresDecodingFailure, as valueType: Any.Type) -> String {
        let place = "column \(column) \"\(columnName)\" of type \(type)"
        return switch failure {
        case .null: "\(place) is NULL, which \(valueType) cannot be"
        case .type: "\(place) cannot be read as \(valueType)"
        case .outOfRange: "\(place) holds a value that is out of range for \(valueType)"
        case .malformed: "\(place) holds bytes that are no \(valueType)"
        }
    }
}
