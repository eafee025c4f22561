public import FoundationEssentials

/// Loads, decides and appends: the one way by which an aggregate changes.
///
/// The states of recent aggregates can stay in memory, see ``AggregateCache``: a decision then takes one call of the store,
/// the append.
public struct AggregateStore<State: EventSourced>: Sendable {
    package let store: any EventStore
    let snapshots: Snapshots<State>?
    let cache: AggregateCache<State>?
    let retries: Int
    let makeEventID: @Sendable () -> UUID
    /// Loads aggregates, and can change none.
    public let reader: AggregateReader<State>

    /// - Parameters:
    ///   - snapshots: for streams that grow long; without it every load folds the whole stream.
    ///   - cache: holds the states of recent aggregates; without it every decision loads its stream.
    ///   - retries: how often a decision is taken again, after the first time, when another writer came first.
    ///   - makeEventID: makes the id of each new event.
    public init(
        _ store: any EventStore, snapshots: Snapshots<State>? = nil, cache: AggregateCache<State>? = nil,
        retries: Int = 10, makeEventID: @escaping @Sendable () -> UUID = { UUID.v7() }
    ) {
        self.store = store
        self.snapshots = snapshots
        self.cache = cache
        self.retries = retries
        self.makeEventID = makeEventID
        reader = AggregateReader(store, snapshots: snapshots)
    }

    /// Decides against the present state, appends what was decided, and decides again if another writer came first.
    ///
    /// `decide` returns the events that follow from the state, or none when there is nothing to say: then nothing is
    /// written, and the answer is where the stream already was. It may be called several times. What it throws or leaves
    /// unsaid counts only when the state was just loaded.
    ///
    /// - Parameters:
    ///   - context: on whose behalf; it ends up in the metadata of every event.
    ///   - expected: what the caller requires the stream's revision to be. Without it a conflict is retried.
    ///   - command: handled once: when it comes again, nothing is appended, and the answer is that of the first time.
    ///   - presumesNew: decides first as if the stream were empty, without reading it. For streams whose name was just
    ///     made up. When the stream is there after all, it is loaded and decided again. It means nothing beside an expected
    ///     revision.
    /// - Returns: where the stream is now, the state after the new events, and these events as they were recorded.
    /// - Throws: what `decide` throws; ``WrongExpectedRevision`` when `expected` is not met, or when other writers came
    ///   first more often than the store retries; ``CommandIDReused``; ``TenantMismatch`` when the stream is not of the
    ///   context's tenant.
    public func transact(
        _ stream: StreamName, in context: MessageContext, expecting expected: ExpectedRevision? = nil,
        by command: CommandKey? = nil, presumingNew presumesNew: Bool = false,
        _ decide: (State) throws -> [State.Event]
    ) async throws -> Transacted<State> {
        try await run(
            Transaction(
                stream: stream, context: context, expected: expected, command: command, presumesNew: presumesNew)
        ) { Decision(try decide($0)) }
    }

    /// Decides and appends like ``transact(_:in:expecting:by:presumingNew:_:)``, and keeps with the command what the
    /// decision says: the whole answer, also when that is a refusal.
    ///
    /// A refusal is kept only if the stream is still as it was decided upon; otherwise it is decided again. What is
    /// thrown is not kept.
    ///
    /// - Throws: also ``AppendRejected`` when the outcome is larger than the store allows.
    public func transact(
        _ stream: StreamName, in context: MessageContext, expecting expected: ExpectedRevision? = nil,
        by command: CommandKey, presumingNew presumesNew: Bool = false,
        _ decide: (State) throws -> Decision<State.Event>
    ) async throws -> Transacted<State> {
        try await run(
            Transaction(
                stream: stream, context: context, expected: expected, command: command, presumesNew: presumesNew),
            decide)
    }

    /// The state of a stream and its last revision, as the store has them; see ``AggregateReader/load(_:)``.
    public func load(_ stream: StreamName) async throws -> Loaded<State> { try await reader.load(stream) }

    /// The state that the stream had at a moment of its history; see ``AggregateReader/load(_:asOf:now:)``.
    public func load(
        _ stream: StreamName, asOf moment: Moment, now: Date = .distantFuture
    ) async throws -> Loaded<State> {
        try await reader.load(stream, asOf: moment, now: now)
    }
}
