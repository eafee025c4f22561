/// In which order the events of a stream are folded.
///
/// The order of a stream is that of its positions; decisions are made on it, and ``AggregateStore`` knows no other. A read
/// model that shows what happened when, of facts that are recorded late, may want another one.
public struct EventOrder<Event: DomainEvent>: Sendable {
    private let areInIncreasingOrder: (@Sendable (Recorded<Event>, Recorded<Event>) -> Bool)?

    private init(_ areInIncreasingOrder: (@Sendable (Recorded<Event>, Recorded<Event>) -> Bool)?) {
        self.areInIncreasingOrder = areInIncreasingOrder
    }

    /// As they were appended.
    public static var position: EventOrder { EventOrder(nil) }

    /// As they happened, see ``RecordedEvent/happenedAt``; of the same time as they were appended.
    public static var time: EventOrder {
        EventOrder { $0.record.happenedAt < $1.record.happenedAt }
    }

    /// By a function that tells whether an event comes before another; those of which neither does, as they were appended.
    public static func by(
        _ areInIncreasingOrder: @escaping @Sendable (Recorded<Event>, Recorded<Event>) -> Bool
    ) -> EventOrder { EventOrder(areInIncreasingOrder) }

    func sorted(_ events: [Recorded<Event>]) -> [Recorded<Event>] {
        areInIncreasingOrder.map { events.sorted(by: $0) } ?? events
    }
}

extension EventReader {
    /// The fold of a whole stream, in an order, without its redacted events.
    ///
    /// - Parameter end: events after this position do not count.
    /// - Throws: ``UndecodableEvent``.
    public func fold<State: EventSourced>(
        _ stream: StreamName, as state: State.Type = State.self, in order: EventOrder<State.Event> = .position,
        upTo end: Position? = nil
    ) async throws -> State {
        var events: [Recorded<State.Event>] = []
        for try await record in self.events(of: stream) {
            if let end, record.position > end { break }
            if let event = try Recorded<State.Event>(decoding: record) { events.append(event) }
        }
        return State(folding: order.sorted(events).lazy.map(\.event))
    }
}
