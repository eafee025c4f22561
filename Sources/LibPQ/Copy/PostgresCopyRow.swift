/// A row of a binary `COPY`: bytes without the names and types of its columns.
public struct PostgresCopyRow: Sendable {
    let bytes: [UInt8]
    /// Where each column's bytes are; `nil` is NULL.
    let columns: [Range<Int>?]

    /// The number of columns.
    public var count: Int { columns.count }

    /// Decodes the columns from the left, one for each type, which has to be that of the column:
    /// ```swift
    /// let (id, name) = try row.decode(Int64.self, String?.self)
    /// ```
    /// - Throws: ``PostgresError/Code/decoding`` with the column's number and the Swift type.
    public func decode<each Value: PostgresCodable>(_ type: repeat (each Value).Type) throws -> (repeat each Value) {
        var column = 0
        func next<Next: PostgresCodable>(_ type: Next.Type) throws -> Next {
            defer { column += 1 }
            guard column < count else {
                throw PostgresError(.decoding, "the row has \(count) columns, and more were asked for")
            }
            do throws(PostgresDecodingFailure) {
                guard let range = columns[column] else { return try Next.decodeNull() }
                return try Next.decode(bytes.span.bytes.extracting(range), as: Next.postgresType)
            } catch {
                throw PostgresError(.decoding, "column \(column) of a COPY cannot be read as \(type): \(error)")
            }
        }
        return (repeat try next((each Value).self))
    }
}

/// The rows of a `COPY … TO STDOUT (FORMAT binary)`.
public struct PostgresCopyRows: AsyncSequence, Sendable {
    /// A row.
    public typealias Element = PostgresCopyRow

    let copy: PostgresCopyOut

    /// Begins to receive; a `COPY` can be received once.
    public func makeAsyncIterator() -> Iterator { Iterator(chunks: copy.makeAsyncIterator()) }

    /// Cuts the chunks into rows.
    public struct Iterator: AsyncIteratorProtocol {
        var chunks: PostgresCopyOut.Iterator
        private var decoder = BinaryCopyDecoder()

        init(chunks: PostgresCopyOut.Iterator) { self.chunks = chunks }

        /// - Throws: ``PostgresError``, of which ``PostgresError/Code/decoding`` says that the format is not binary.
        public mutating func next() async throws -> PostgresCopyRow? {
            while true {
                if let row = try decoder.next() { return row }
                guard let chunk = try await chunks.next() else {
                    try decoder.finish()
                    return nil
                }
                decoder.feed(chunk)
            }
        }
    }
}

extension PostgresCopyOut {
    /// The rows, if the format of the `COPY` is binary.
    public var rows: PostgresCopyRows { PostgresCopyRows(copy: self) }
}
