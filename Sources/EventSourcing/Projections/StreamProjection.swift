/// A read model with a row for each stream that is made of the whole stream again at each of its events.
///
/// It is for rows that do not follow from the row before and one event, such as those in another order than that of the
/// log; its cost grows with the length of the streams. ``RowProjection`` costs the same for every event.
///
/// A ``ProjectionTarget`` writes ``rows(for:reading:)`` with the checkpoint.
public protocol StreamProjection: Sendable {
    associatedtype State: EventSourced
    associatedtype Row: Sendable

    /// The order of folding; as the events were appended unless stated.
    var order: EventOrder<State.Event> { get }

    /// The row of a stream; nil for none.
    ///
    /// - Throws: anything, for a state that has no row; the last event is parked then with the later ones of its stream.
    func row(of state: State, in stream: StreamName) throws -> Row?
}

extension StreamProjection {
    /// As the events were appended.
    public var order: EventOrder<State.Event> { .position }

    /// The rows of the streams that events belong to, each after the last of its events here; nil for a row that is to go.
    ///
    /// - Parameter events: in the order of their positions.
    /// - Throws: ``UndecodableEvent``; ``PoisonEvent`` when ``row(of:in:)`` throws.
    public func rows(
        for events: [RecordedEvent], reading reader: some EventReader
    ) async throws -> [StreamName: Row?] {
        let last = Dictionary(events.map { ($0.stream, $0) }) { $1 }
        var rows: [StreamName: Row?] = [:]
        for (stream, event) in last {
            let state = try await reader.fold(stream, as: State.self, in: order, upTo: event.position)
            do {
                rows[stream] = .some(try row(of: state, in: stream))
            } catch {
                throw PoisonEvent(event, reason: "\(error)")
            }
        }
        return rows
    }
}
