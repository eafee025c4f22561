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
    func evolve(_ row: inout Row?, with event: Recorded<Event>)
}

extension RowProjection {
    /// Folds events into the rows that they touch.
    ///
    /// - Parameter rows: the present rows of all keys that the events touch.
    /// - Returns: the rows after the events, for every key that was touched; nil for a row that is to go.
    public func fold(_ events: [Recorded<Event>], into rows: [Key: Row]) -> [Key: Row?] {
        var folded: [Key: Row?] = [:]
        for event in events {
            guard let key = key(for: event) else { continue }
            var row = folded[key] ?? rows[key]
            evolve(&row, with: event)
            folded[key] = .some(row)
        }
        return folded
    }
}
