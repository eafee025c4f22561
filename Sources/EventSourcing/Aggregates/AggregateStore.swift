public import FoundationEssentials

/// Loads, decides and appends: the one way by which an aggregate changes.
public struct AggregateStore<State: EventSourced>: Sendable {
    let store: any EventStore
    let snapshots: Snapshots<State>?
    private let retries: Int
    let makeEventID: @Sendable () -> UUID

    /// - Parameters:
    ///   - snapshots: for streams that grow long; without it every load folds the whole stream.
    ///   - retries: how often a decision is taken again, after the first time, when another writer came first.
    ///   - makeEventID: makes the id of each new event.
    public init(
        _ store: any EventStore, snapshots: Snapshots<State>? = nil, retries: Int = 10,
        makeEventID: @escaping @Sendable () -> UUID = { UUID.v7() }
    ) {
        self.store = store
        self.snapshots = snapshots
        self.retries = retries
        self.makeEventID = makeEventID
    }

    /// Decides against the present state, appends what was decided, and decides again if another writer came first.
    ///
    /// `decide` returns the events that follow from the state, or none when there is nothing to say: then nothing is
    /// written, and the answer is where the stream already was.
    ///
    /// - Parameters:
    ///   - context: on whose behalf; it ends up in the metadata of every event.
    ///   - expected: what the caller requires the stream's revision to be. Without it a conflict is retried.
    ///   - command: handled once: when it comes again, nothing is decided, and the answer is that of the first time.
    ///   - presumesNew: decides first as if the stream were empty, without reading it. For streams whose name was just
    ///     made up: it saves them a read. When the stream is there after all, it is decided again as ever. It means nothing
    ///     beside an expected revision.
    /// - Returns: where the stream is now, and the state after the new events.
    /// - Throws: what `decide` throws; ``WrongExpectedRevision`` when `expected` is not met, or when other writers came
    ///   first more often than the store retries; ``CommandIDReused``; ``TenantMismatch`` when the stream is not of the
    ///   context's tenant.
    public func transact(
        _ stream: StreamName, in context: MessageContext, expecting expected: ExpectedRevision? = nil,
        by command: CommandKey? = nil, presumingNew presumesNew: Bool = false,
        _ decide: (State) throws -> [State.Event]
    ) async throws -> Transacted<State> {
        try await run(stream, in: context, expecting: expected, by: command, presumingNew: presumesNew) {
            Decision(try decide($0))
        }
    }

    /// Decides and appends like ``transact(_:in:expecting:by:_:)``, and keeps with the command what the decision says:
    /// the whole answer, also when that is a refusal.
    ///
    /// A refusal is kept only if the stream is still as it was decided upon; otherwise it is decided again. What is
    /// thrown is not kept.
    ///
    /// - Throws: also ``AppendRejected`` when the outcome is larger than the store allows.
    public func transact(
        _ stream: StreamName, in context: MessageContext, expecting expected: ExpectedRevision? = nil,
        by command: CommandKey, _ decide: (State) throws -> Decision<State.Event>
    ) async throws -> Transacted<State> {
        try await run(stream, in: context, expecting: expected, by: command, decide)
    }

    private func run(
        _ stream: StreamName, in context: MessageContext, expecting expected: ExpectedRevision?,
        by command: CommandKey?, presumingNew presumesNew: Bool = false,
        _ decide: (State) throws -> Decision<State.Event>
    ) async throws -> Transacted<State> {
        guard stream.tenant == context.tenant else { throw TenantMismatch(stream: stream, tenant: context.tenant) }
        if let command, let handled = try await store.handledCommand(command.id, in: stream.tenant) {
            return try await repetition(of: handled.outcome(for: command), on: stream)
        }
        var retriesLeft = retries
        var isPresumedNew = presumesNew && expected == nil
        while true {
            var loaded = isPresumedNew ? Loaded<State>() : try await load(stream)
            if let expected, !expected.isMet(by: loaded.revision) {
                throw WrongExpectedRevision(stream: stream, expected: expected, actual: loaded.revision)
            }
            let decision = try decide(loaded.state)
            guard !decision.events.isEmpty || command != nil else {
                guard isPresumedNew else { return Transacted(loaded, of: stream) }
                isPresumedNew = false
                continue
            }
            let metadata = try EventPayload(encoding: context.eventMetadata())
            let part = StreamAppend(
                try decision.events.map { try NewEvent($0, id: makeEventID(), metadata: metadata) }, to: stream,
                expecting: ExpectedRevision(lastRead: loaded.revision))
            do {
                let outcome = try await store.append(Append([part], by: command, outcome: decision.outcome))
                guard !outcome.isRepetition else { return try await repetition(of: outcome, on: stream) }
                loaded.take(
                    decision.events, lastID: part.events.last?.id, revision: outcome.revisions[stream],
                    position: outcome.position)
                if !decision.events.isEmpty { snapshots?.note(loaded, of: stream, loadTime: .zero) }
                return Transacted(loaded, of: stream, commandOutcome: outcome.commandOutcome)
            } catch let conflict as WrongExpectedRevision {
                if isPresumedNew {
                    isPresumedNew = false
                    continue
                }
                guard expected == nil, retriesLeft > 0 else { throw conflict }
                retriesLeft -= 1
            }
        }
    }

    /// How the stream was after what had been appended before: this one, or the one that the command was sent to then.
    private func repetition(of outcome: AppendOutcome, on stream: StreamName) async throws -> Transacted<State> {
        let known = outcome.revisions
        let first = known[stream] == nil && known.count == 1 ? known.keys.first ?? stream : stream
        var loaded = Loaded<State>()
        if let last = known[first] { loaded = try await load(first, asOf: .revision(last)) }
        return Transacted(
            loaded, of: first, position: outcome.position, isRepetition: true, commandOutcome: outcome.commandOutcome)
    }
}
