/// Isolation levels that differ in PostgreSQL (manual, "Transaction Isolation").
public enum PostgresIsolation: Sendable, CaseIterable {
    case readCommitted, repeatableRead, serializable
}

/// How a transaction begins.
struct TransactionMode: Sendable {
    let begin: PostgresStatement

    init(_ isolation: PostgresIsolation?, isReadOnly: Bool) {
        begin =
            switch (isolation, isReadOnly) {
            case (nil, false): Self.plain
            case (nil, true): Self.readOnly
            case (.readCommitted, false): Self.readCommitted
            case (.readCommitted, true): Self.readCommittedReadOnly
            case (.repeatableRead, false): Self.repeatableRead
            case (.repeatableRead, true): Self.repeatableReadReadOnly
            case (.serializable, false): Self.serializable
            case (.serializable, true): Self.serializableReadOnly
            }
    }

    private static let plain: PostgresStatement = "BEGIN"
    private static let readOnly: PostgresStatement = "BEGIN READ ONLY"
    private static let readCommitted: PostgresStatement = "BEGIN ISOLATION LEVEL READ COMMITTED"
    private static let readCommittedReadOnly: PostgresStatement = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
    private static let repeatableRead: PostgresStatement = "BEGIN ISOLATION LEVEL REPEATABLE READ"
    private static let repeatableReadReadOnly: PostgresStatement = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    private static let serializable: PostgresStatement = "BEGIN ISOLATION LEVEL SERIALIZABLE"
    private static let serializableReadOnly: PostgresStatement = "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"
}
