/// What a statement answered: its rows, and how many rows it changed.
///
/// The rows stay in the memory in which libpq received them; cells are decoded when they are asked for.
public struct PostgresRows: RandomAccessCollection, Sendable {
    private let result: ResultHandle

    init(_ result: ResultHandle) { self.result = result }

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { result.rowCount }

    /// A row, by its number from 0.
    public subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "no row \(position) of \(count)")
        return PostgresRow(result: result, index: position)
    }

    /// The rows that the statement inserted, updated, deleted or returned.
    public var affectedRows: Int { result.affectedRows }

    /// The names of the columns, in order.
    public var columnNames: [String] { (0..<result.columnCount).map(result.columnName) }

    /// The server's tag of the completed command, such as `COMMIT` or `INSERT 0 1`.
    var commandTag: String { result.commandTag }
}
