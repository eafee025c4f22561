public import EventSourcing
public import LibPQ

extension PostgresError: CategorizedError {
    /// Transient where another connection or a later moment can help, and where it is unknown whether a write happened:
    /// whoever repeats it finds that out. Poison where the values themselves are refused: data exceptions, violated
    /// constraints, and what a trigger raises. Anything else is a fault of the program or of the database's schema.
    public var category: ErrorCategory {
        switch code {
        case .server(let state) where state.meaning == .value: .poison
        case .outcomeUnknown, .closed, .rolledBack: .transient
        default: isTransient ? .transient : .fatal
        }
    }
}
