/// What an append depends on besides the revisions of its streams: that no event which a query selects has been appended
/// after a position.
///
/// The store checks it under the same lock that gives the positions, so an event that comes at the same time is either
/// seen by the check or is appended afterwards.
public struct AppendCondition: Hashable, Sendable {
    /// Of the tenant of the append.
    public let query: EventQuery
    /// Up to where the query was read, see ``SelectedEvents/position``. The check reads index entries after it, and for
    /// clauses with neither tags nor streams all events of the tenant after it: it is to be a recent one then.
    public let position: Position

    /// Refuses the append if the query selects an event after the position; ``Position/start`` refuses any such event.
    public init(noneOf query: EventQuery, after position: Position = .start) {
        self.query = query
        self.position = position
    }

    package func check(_ append: Append, _ limits: AppendLimits) throws(AppendRejected) {
        let first = append.streams[0].stream
        guard query.clauses.count <= limits.conditionClauses else {
            throw AppendRejected(
                stream: first, reason: .tooManyClauses(count: query.clauses.count, limit: limits.conditionClauses))
        }
        for clause in query.clauses {
            for stream in clause.streams ?? [] where stream.tenant != first.tenant {
                throw AppendRejected(stream: stream, reason: .severalTenants)
            }
        }
    }
}

/// An event that the append excludes by its condition has been appended after the condition's position. Nothing was
/// written: read the query again and decide again, as ``ConsistencyBoundary`` does.
public struct AppendConditionFailed: CategorizedError, Hashable, CustomStringConvertible {
    /// What the append was to depend on.
    public let condition: AppendCondition
    /// Of the first such event.
    public let position: Position

    /// An event at the position is in the way.
    public init(_ condition: AppendCondition, position: Position) {
        self.condition = condition
        self.position = position
    }

    /// Read again and decide again.
    public var category: ErrorCategory { .conflict }

    /// One sentence for a log.
    public var description: String {
        "the append is on the condition that none of certain events was appended after position "
            + "\(condition.position), and there is one at position \(position); read them again and decide again"
    }
}
