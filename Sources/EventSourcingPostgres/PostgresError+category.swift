public import EventSourcing
public import LibPQ

extension PostgresError: CategorizedError {
    /// Transient where another connection or a later moment can help, conflict where another transaction was first;
    /// anything else is a fault of the program or of the database's schema.
    public var category: ErrorCategory {
        if isTransient { .transient } else { .fatal }
    }
}
