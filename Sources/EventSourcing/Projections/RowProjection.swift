/// A read model of rows: a pure function from a row and an event to the row that follows.
///
/// Its author says which row an event touches and what becomes of it. Loading the rows that a batch of events touches,
/// folding in memory, and one set-based write together with the checkpoint are the engine's.
public protocol RowProjection: Sendable {
    associatedtype Event: DomainEvent
    associatedtype Key: Hashable & Sendable
    associatedtype Row: Sendable

    /// The row that the event is about; nil when it touches none.
    func key(for event: Recorded<Event>) -> Key?

    /// The row after the event; nil in and nil out stand for a row that does not exist.
    ///
    /// - Throws: anything, for an event that can never be applied; it is parked with the later ones of its stream.
    func evolve(_ row: inout Row?, with event: Recorded<Event>) throws
}

/// A row projection whose rows have one stream each, so that its streams can be shared out among partitions.
///
/// A row that events of several streams change must not be written by several partitions. The author names the stream
/// that a row belongs to; the engine refuses an event of any other one.
public protocol StreamRowProjection: RowProjection {
    /// The only stream whose events change the row.
    func stream(of key: Key) throws -> StreamName
}

extension RowProjection {
    /// Folds events into the rows that they touch.
    ///
    /// - Parameter rows: the present rows of all keys that the events touch.
    /// - Returns: the rows after the events, for every key that was touched; nil for a row that is to go.
    /// - Throws: ``PoisonEvent``, with the event whose ``evolve(_:with:)`` has thrown.
    public func fold(_ events: [Recorded<Event>], into rows: [Key: Row]) throws(PoisonEvent) -> [Key: Row?] {
        var folded: [Key: Row?] = [:]
        for event in events {
            guard let key = key(for: event) else { continue }
            var row = folded[key] ?? rows[key]
            do {
                try evolve(&row, with: event)
            } catch {
                throw PoisonEvent(event.record, reason: "\(error)")
            }
            folded[key] = .some(row)
        }
        return folded
    }

    /// The events of the aggregates that the projection's events belong to. Of these, it wants to see also those that it
    /// does not know: they are parked rather than lost.
    public static var filter: LogFilter {
        LogFilter(typePrefixes: Set(aggregates.compactMap { try? EventTypePrefix("\($0).") }))
    }

    /// The aggregates whose events the projection reads, `<context>.<aggregate>`; those of others pass by.
    package static var aggregates: Set<Substring> {
        Set(Event.Name.allCases.compactMap { try? EventType($0.rawValue).aggregate })
    }
}

extension StreamRowProjection {
    /// The row as the events of its stream make it; nil when there is none.
    ///
    /// - Parameters:
    ///   - end: the position of the last event to apply; nil for all.
    ///   - parked: the positions of events that are not applied.
    /// - Throws: ``UndecodableEvent``, ``PoisonEvent``.
    package func row(
        _ key: Key, reading reader: some EventReader, upTo end: Position? = nil, without parked: Set<Position> = []
    ) async throws -> Row? {
        var row: Row?
        try await reader.readAll(stream(of: key)) { record in
            if let end, record.position > end { return }
            guard !parked.contains(record.position), let event = try Recorded<Event>(decoding: record),
                self.key(for: event) == key
            else { return }
            row = try fold([event], into: row.map { [key: $0] } ?? [:])[key] ?? nil
        }
        return row
    }
}
