public import EventSourcing
public import LibPQ

extension PostgresError: CategorizedError {
    /// Transient where another connection or a later moment can help; poison where the values themselves are refused:
    /// data exceptions, violated constraints, and what a trigger raises. Anything else is a fault of the program or of
    /// the database's schema.
    public var category: ErrorCategory {
        if isTransient { return .transient }
        return sqlState?.meaning == .value ? .poison : .fatal
    }
}
