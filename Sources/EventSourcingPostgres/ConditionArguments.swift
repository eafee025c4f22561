import EventSourcing
import LibPQ

/// The clauses of a query as `read_selected` and `append_events` take them: one element for each clause, with the values
/// separated by spaces, which none of them has; nil for no condition.
struct ClauseArguments {
    private(set) var streams: [String?] = []
    private(set) var types: [String?] = []
    private(set) var tags: [String?] = []

    init() {}

    init(_ clauses: [EventQuery.Clause]) { for clause in clauses { add(clause) } }

    mutating func add(_ clause: EventQuery.Clause) {
        streams.append(clause.streams?.map(\.rawValue).joined(separator: " "))
        types.append(clause.types?.map(\.rawValue).joined(separator: " "))
        tags.append(clause.tags.stored)
    }
}

/// The conditions of a batch as `append_events` takes them.
struct ConditionArguments {
    private(set) var clauses = ClauseArguments()
    /// By clause: the first part of its append.
    private(set) var parts: [Int32] = []
    /// By clause: the position of its condition.
    private(set) var positions: [Int64] = []
    /// By clause: the first parts of the appends before it in the batch with an event that the query selects; nil for none,
    /// and but for the first clause of an append.
    private(set) var meets: [String?] = []

    init(_ batch: [Append]) {
        guard batch.contains(where: { $0.condition != nil }) else { return }
        let tags = batch.map(\.tags)
        var firstParts: [Int32] = []
        for (index, append) in batch.enumerated() {
            firstParts.append((firstParts.last ?? 1) + (index == 0 ? 0 : Int32(batch[index - 1].streams.count)))
            guard let condition = append.condition else { continue }
            let met = firstParts.indices.dropLast().filter { earlier in
                condition.query.mayMatch(tags[earlier]) && condition.selects(batch[earlier], for: append)
            }
            for (place, clause) in condition.query.clauses.enumerated() {
                clauses.add(clause)
                parts.append(firstParts[index])
                positions.append(condition.position.rawValue)
                let isFirst = place == 0 && !met.isEmpty
                meets.append(isFirst ? met.map { "\(firstParts[$0])" }.joined(separator: " ") : nil)
            }
        }
    }
}

extension Set<EventTag> {
    /// Separated by spaces, in a fixed order; nil when there are none.
    var stored: String? { isEmpty ? nil : sorted().map(\.rawValue).joined(separator: " ") }
}

extension Append {
    fileprivate var tags: Set<EventTag> {
        streams.reduce(into: []) { tags, part in for event in part.events { tags.formUnion(event.tags) } }
    }
}

extension EventQuery {
    /// False when no clause can match events that have no other tags than these.
    fileprivate func mayMatch(_ tags: Set<EventTag>) -> Bool { clauses.contains { $0.tags.isSubset(of: tags) } }
}

extension AppendCondition {
    /// Whether it excludes an event of an append, on behalf of another one.
    fileprivate func selects(_ earlier: Append, for append: Append) -> Bool {
        earlier.streams[0].stream.tenant == append.streams[0].stream.tenant
            && earlier.streams.contains { part in
                part.events.contains { query.matches($0.type, in: part.stream, tagged: $0.tags) }
            }
    }
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
