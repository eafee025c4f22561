/// An append-only store of events in streams and in one log, the port that every store of this package fills.
///
/// What every store promises, and `EventSourcingTesting` checks: the events of one append are stored together or not
/// at all, with contiguous revisions and positions; positions start at 1, have no gaps and follow the order of the
/// commits, so that a reader that has seen a position can never miss an event before it; what was acknowledged is
/// durable.
public protocol EventStore: EventReader {
    /// Appends events to streams, all or none.
    ///
    /// Repeating an append with the same event ids, or with the same command, has the effect of once and answers with
    /// the first outcome. An append with a command may consist of assertions alone: what the command came to is kept
    /// then, and nothing is written.
    ///
    /// An append with a condition is refused when its query selects an event after its position, including the events
    /// of appends that are joined with it into one batch and come before it. Repetitions are answered and revisions are
    /// checked first.
    ///
    /// Events that have a sequence are numbered in it, in the order of their positions, from 1 and without gaps; an
    /// append that is refused or repeated takes no numbers.
    ///
    /// - Throws: ``WrongExpectedRevision`` when a stream is not as expected; ``AppendConditionFailed``;
    ///   ``AppendRejected`` when the append could not be accepted in any state of the store; ``CommandIDReused`` when the command's id belongs to another
    ///   request. Nothing is written then. ``AppendOutcomeUnknown`` when the store went away before it answered.
    func append(_ append: Append) async throws -> AppendOutcome

    /// The command of this id and its outcome, for those who mean to repeat it: it need not be decided anew. Nil when
    /// no append of it has been committed, or it was purged; see
    /// ``EventStoreAdministration/purgeCommands(handledBefore:)``.
    func handledCommand(_ id: String, in tenant: TenantID) async throws -> HandledCommand?
}

extension EventStore {
    /// Appends events to one stream, all or none; see ``append(_:)``.
    public func append(
        _ events: [NewEvent], to stream: StreamName, expecting expected: ExpectedRevision,
        by command: CommandKey? = nil
    ) async throws -> Commit {
        let outcome = try await append(Append([StreamAppend(events, to: stream, expecting: expected)], by: command))
        guard let revision = outcome.revisions[stream] else {
            throw AppendRejected(stream: stream, reason: .noEvents)
        }
        return Commit(revision: revision, position: outcome.position, isRepetition: outcome.isRepetition)
    }
}
