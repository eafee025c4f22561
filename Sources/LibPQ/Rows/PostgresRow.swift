/// One row of a result.
public struct PostgresRow: Sendable {
    let result: ResultHandle
    let index: Int

    /// The number of columns.
    public var count: Int { result.columnCount }

    public subscript(column: Int) -> PostgresCell {
        precondition((0..<count).contains(column), "no column \(column) of \(count)")
        return PostgresCell(result: result, row: index, column: column)
    }

    /// Decodes the first column.
    /// - Throws: ``PostgresError/Code/decoding``, see ``decode(_:_:_:)``.
    public func decode<Value: PostgresDecodable>(_ type: Value.Type) throws -> Value {
        guard count > 0 else { throw Self.tooFewColumns(0) }
        return try self[0].decode(type)
    }

    /// Decodes the columns from the left, one for each type:
    /// ```swift
    /// let (id, name) = try row.decode(Int64.self, String?.self)
    /// ```
    /// - Throws: ``PostgresError/Code/decoding`` with the column's name, its type and the Swift type.
    public func decode<First: PostgresDecodable, Second: PostgresDecodable, each Other: PostgresDecodable>(
        _ first: First.Type, _ second: Second.Type, _ other: repeat (each Other).Type
    ) throws -> (First, Second, repeat each Other) {
        var column = 0
        func next<Next: PostgresDecodable>(_ type: Next.Type) throws -> Next {
            defer { column += 1 }
            guard column < count else { throw Self.tooFewColumns(count) }
            return try self[column].decode(type)
        }
        return (try next(first), try next(second), repeat try next((each Other).self))
    }

    private static func tooFewColumns(_ count: Int) -> PostgresError {
        PostgresError(.decoding, "the row has \(count) columns, and more were asked for")
    }
}
