import EventSourcing
import FoundationEssentials
import LibPQ

/// A clause of a query as `read_selected` and `append_events` take it.
struct StoredClause: Encodable {
    /// Of a condition: the first part of its append, and the position.
    private(set) var part: Int?
    private(set) var after: Int64?
    private let streams: [String]?
    private let types: [String]?
    private let tags: [String]
    /// Of a condition: the first parts of the appends before it in the batch with an event that the query selects.
    private(set) var meets: [Int]?

    init(_ clause: EventQuery.Clause) {
        streams = clause.streams.map { $0.map(\.rawValue) }
        types = clause.types.map { $0.map(\.rawValue) }
        tags = clause.tags.map(\.rawValue).sorted()
    }

    /// The clauses of all conditions of a batch.
    static func conditions(of batch: [Append]) -> [StoredClause] {
        var (clauses, firstParts): ([StoredClause], [Int]) = ([], [])
        var nextPart = 1
        for append in batch {
            if let condition = append.condition {
                var own = condition.query.clauses.map { StoredClause($0) }
                for index in own.indices {
                    own[index].part = nextPart
                    own[index].after = condition.position.rawValue
                }
                let meets = zip(batch, firstParts).filter { $0.0.isSelected(by: append) }.map(\.1)
                if !meets.isEmpty { own[0].meets = meets }
                clauses += own
            }
            firstParts.append(nextPart)
            nextPart += append.streams.count
        }
        return clauses
    }
}

extension Append {
    /// Whether it has an event that the condition of another append excludes.
    fileprivate func isSelected(by other: Append) -> Bool {
        guard let query = other.condition?.query, streams[0].stream.tenant == other.streams[0].stream.tenant else {
            return false
        }
        return streams.contains { part in
            part.events.contains { query.matches($0.type, in: part.stream, tagged: $0.tags) }
        }
    }
}

extension PostgresJSON {
    init(_ clauses: [StoredClause]) throws { self.init(try EventPayload(encoding: clauses).bytes) }
}

extension SelectedEvents {
    /// Decodes the rows of ``ReadEvents/selected``.
    init(_ rows: PostgresRows, limit: Int) throws {
        var (events, head): ([RecordedEvent], Int64) = ([], 0)
        for row in rows {
            var columns = row.columns
            head = try columns.next()
            guard try row[1].decode(Int64?.self) != nil else { break }
            events.append(try RecordedEvent(&columns))
        }
        self.init(
            events: events, position: events.count == limit ? events.last?.position ?? .start : Position(head))
    }
}
