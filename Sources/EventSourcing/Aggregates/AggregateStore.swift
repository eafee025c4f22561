public import FoundationEssentials

/// Loads, decides and appends: the one way by which an aggregate changes.
public struct AggregateStore<State: EventSourced>: Sendable {
    private let store: any EventStore
    private let retries: Int
    private let makeEventID: @Sendable () -> UUID

    /// - Parameters:
    ///   - retries: how often a decision is taken again, after the first time, when another writer came first.
    ///   - makeEventID: makes the id of each new event.
    public init(
        _ store: any EventStore, retries: Int = 10, makeEventID: @escaping @Sendable () -> UUID = { UUID.v7() }
    ) {
        self.store = store
        self.retries = retries
        self.makeEventID = makeEventID
    }

    /// The state of a stream and its last revision; the empty state and nil for a stream that does not exist.
    ///
    /// - Throws: ``UndecodableEvent`` when a stored event cannot be read.
    public func load(_ stream: StreamName) async throws -> Loaded<State> {
        var loaded = Loaded(state: State(), revision: nil, position: .start)
        try await store.readAll(stream) { try loaded.take($0) }
        return loaded
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
    /// - Returns: where the stream is now, and the state after the new events.
    /// - Throws: what `decide` throws; ``WrongExpectedRevision`` when `expected` is not met, or when other writers came
    ///   first more often than the store retries; ``CommandIDReused``; ``TenantMismatch`` when the stream is not of the
    ///   context's tenant.
    public func transact(
        _ stream: StreamName, in context: MessageContext, expecting expected: ExpectedRevision? = nil,
        by command: CommandKey? = nil, _ decide: (State) throws -> [State.Event]
    ) async throws -> Transacted<State> {
        guard stream.tenant == context.tenant else { throw TenantMismatch(stream: stream, tenant: context.tenant) }
        if let command, let handled = try await store.handledCommand(command.id, in: stream.tenant) {
            return try await repetition(of: handled.outcome(for: command), on: stream)
        }
        var retriesLeft = retries
        while true {
            let loaded = try await load(stream)
            if let expected, !expected.isMet(by: loaded.revision) {
                throw WrongExpectedRevision(stream: stream, expected: expected, actual: loaded.revision)
            }
            let events = try decide(loaded.state)
            guard !events.isEmpty || command != nil else { return Transacted(unchanged: loaded) }
            let metadata = context.eventMetadata()
            let part = StreamAppend(
                try events.map { try NewEvent($0, id: makeEventID(), metadata: metadata) }, to: stream,
                expecting: ExpectedRevision(lastRead: loaded.revision))
            do {
                let outcome = try await store.append(Append([part], by: command))
                guard outcome.isRepetition else { return Transacted(loaded, followedBy: events, outcome, on: stream) }
                return try await repetition(of: outcome, on: stream)
            } catch let conflict as WrongExpectedRevision {
                guard expected == nil, retriesLeft > 0 else { throw conflict }
                retriesLeft -= 1
            }
        }
    }

    /// How the stream was after what had been appended before.
    private func repetition(of outcome: AppendOutcome, on stream: StreamName) async throws -> Transacted<State> {
        var loaded = Loaded(state: State(), revision: nil, position: outcome.position)
        if let last = outcome.revisions[stream] {
            for try await record in store.events(of: stream) {
                guard record.revision <= last else { break }
                try loaded.take(record)
            }
        }
        return Transacted(repeating: loaded, position: outcome.position)
    }
}

/// What a stream's events fold to.
public struct Loaded<State: EventSourced>: Sendable {
    public fileprivate(set) var state: State
    /// The last revision; nil for a stream without events.
    public fileprivate(set) var revision: Revision?
    /// The position of the last event; ``Position/start`` for a stream without events.
    public fileprivate(set) var position: Position

    /// Takes the stream's next event in. Of a redacted one only its place counts.
    fileprivate mutating func take(_ record: RecordedEvent) throws {
        if let recorded = try Recorded<State.Event>(decoding: record) { state.evolve(recorded.event) }
        revision = record.revision
        position = record.position
    }
}

/// How a transaction ended: the state after it, and where the stream is.
public struct Transacted<State: EventSourced>: Sendable {
    public let state: State
    /// The last revision; nil only when the stream is still empty because nothing was decided.
    public let revision: Revision?
    /// Up to where a reader has to have come to see the outcome.
    public let position: Position
    /// True when the command had been handled before: this is the outcome of then, and nothing was decided now.
    public let isRepetition: Bool

    fileprivate init(unchanged loaded: Loaded<State>) {
        state = loaded.state
        revision = loaded.revision
        position = loaded.position
        isRepetition = false
    }

    fileprivate init(repeating loaded: Loaded<State>, position: Position) {
        state = loaded.state
        revision = loaded.revision
        self.position = position
        isRepetition = true
    }

    fileprivate init(
        _ loaded: Loaded<State>, followedBy events: [State.Event], _ outcome: AppendOutcome, on stream: StreamName
    ) {
        var state = loaded.state
        for event in events { state.evolve(event) }
        self.state = state
        revision = outcome.revisions[stream]
        position = outcome.position
        isRepetition = false
    }
}
