/// An append-only store of events in streams and in one log, the port that every store of this package fills.
///
/// What every store promises, and ``EventSourcingTesting`` checks: the events of one append are stored together or not
/// at all, with contiguous revisions and positions; positions start at 1, have no gaps and follow the order of the
/// commits, so that a reader that has seen a position can never miss an event before it; what was acknowledged is
/// durable.
public protocol EventStore: EventReader {
    /// Appends the events to the stream, all or none.
    ///
    /// Repeating an append with the same event ids has the effect of once and answers with the first outcome.
    ///
    /// - Throws: ``WrongExpectedRevision`` when the stream is not as expected; ``AppendRejected`` when the events could
    ///   not be accepted in any state of the stream. Nothing is written then.
    func append(
        _ events: [NewEvent], to stream: StreamName, expecting expected: ExpectedRevision
    ) async throws
        -> Commit
}
