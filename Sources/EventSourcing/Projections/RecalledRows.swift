/// Rows that this process can make without reading them, from states of aggregates that it has in memory.
///
/// A row that is the fold of one stream is what the state of the stream's aggregate says, at the same revision. A command on
/// an aggregate has just read its stream, so that the projection of what the command appends need not read the row.
///
/// A state and a row at the same revision differ where the projection has not applied all events before it, and where the
/// state was read before an event was redacted. So a target uses only states that were read after it has loaded the
/// partition, which it does again after every change by an administrator, and none while events of the projection are
/// skipped.
public struct RecalledRows<Row: Sendable>: Sendable {
    private let row: @Sendable (StreamName, Revision, ContinuousClock.Instant) -> Row?

    /// - Parameters:
    ///   - states: those that commands are decided on.
    ///   - row: makes the row of a state; nil where the state does not tell it, and for one that the projection would refuse.
    public init<State>(
        of states: AggregateCache<State>, _ row: @escaping @Sendable (Loaded<State>) -> Row?
    ) {
        self.row = { states.state(of: $0, at: $1, readAfter: $2).flatMap(row) }
    }

    /// The row of a stream as it is after the event with a revision; nil when that is not known here.
    ///
    /// - Parameter start: states that were read before are not used.
    package func row(of stream: StreamName, at revision: Revision, readAfter start: ContinuousClock.Instant) -> Row? {
        row(stream, revision, start)
    }
}
