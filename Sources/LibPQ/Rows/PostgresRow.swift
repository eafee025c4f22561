/// One row of a result.
public struct PostgresRow: Sendable {
    @usableFromInline let result: ResultHandle
    @usableFromInline let index: Int

    init(result: ResultHandle, index: Int) {
        self.result = result
        self.index = index
    }

    /// The number of columns.
    @inlinable public var count: Int { result.columnCount }

    /// The cell of a column, by its number from 0.
    @inlinable public subscript(column: Int) -> PostgresCell {
        precondition((0..<count).contains(column), "no column \(column) of \(count)")
        return PostgresCell(result: result, row: index, column: column)
    }

    /// Decodes the first column.
    /// - Throws: ``PostgresError/Code/decoding``, see ``decode(_:_:_:)``.
    @inlinable public func decode<Value: PostgresDecodable>(_ type: Value.Type) throws -> Value {
        guard count > 0 else { throw Self.tooFewColumns(0) }
        return try self[0].decode(type)
    }

    /// Decodes the columns from the left, one for each type:
    /// ```swift
    /// let (id, name) = try row.decode(Int64.self, String?.self)
    /// ```
    /// - Throws: ``PostgresError/Code/decoding`` with the column's name, its type and the Swift type.
    @inlinable public func decode<First: PostgresDecodable, Second: PostgresDecodable, each Other: PostgresDecodable>(
        _ first: First.Type, _ second: Second.Type, _ other: repeat (each Other).Type
    ) throws -> (First, Second, repeat each Other) {
        var columns = columns
        return (try columns.next(first), try columns.next(second), repeat try columns.next((each Other).self))
    }

    @usableFromInline static func tooFewColumns(_ count: Int) -> PostgresError {
        PostgresError(.decoding, "the row has \(count) columns, and more were asked for")
    }
}

extension PostgresRow {
    /// The columns from the left, to be decoded one by one. The compiler sees their types, as it does not in a tuple of
    /// many: what is read often, and has many columns, is read faster like this.
    @inlinable public var columns: Columns { Columns(of: self) }

    /// Decodes column after column.
    public struct Columns: Sendable {
        @usableFromInline let row: PostgresRow
        @usableFromInline var column = 0

        @usableFromInline init(of row: PostgresRow) { self.row = row }

        /// Decodes the next column.
        /// - Throws: ``PostgresError/Code/decoding`` with the column's name, its type and the Swift type.
        @inlinable public mutating func next<Next: PostgresDecodable>(_ type: Next.Type = Next.self) throws -> Next {
            guard column < row.count else { throw PostgresRow.tooFewColumns(row.count) }
            defer { column += 1 }
            return try row[column].decode(type)
        }
    }
}
