public import LibPQ

/// The table of a row projection: how its rows are loaded and written, each with one statement for a whole batch.
public protocol PostgresRowTable<Key, Row>: Sendable {
    associatedtype Key: Hashable & Sendable
    associatedtype Row: Sendable

    /// Its name, without a schema: the statements find it on the search path, and a rebuild puts another one there.
    var name: String { get }

    /// The rows of those keys that have one.
    func load(_ keys: [Key], in transaction: borrowing PostgresTransaction) async throws -> [Key: Row]

    /// Inserts the rows, or replaces what stands under their keys.
    func save(_ rows: [(key: Key, row: Row)], in transaction: borrowing PostgresTransaction) async throws

    /// Removes the rows of these keys.
    func delete(_ keys: [Key], in transaction: borrowing PostgresTransaction) async throws
}
