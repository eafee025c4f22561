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
        try await store.readAll(stream) { record in
            loaded.state.evolve(try Recorded<State.Event>(decoding: record).event)
            loaded.revision = record.revision
            loaded.position = record.position
        }
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
    /// - Returns: where the stream is now, and the state after the new events.
    /// - Throws: what `decide` throws; ``WrongExpectedRevision`` when `expected` is not met, or when other writers came
    ///   first more often than the store retries.
    public func transact(
        _ stream: StreamName, in context: MessageContext, expecting expected: ExpectedRevision? = nil,
        _ decide: (State) throws -> [State.Event]
    ) async throws -> Transacted<State> {
        var retriesLeft = retries
        while true {
            let loaded = try await load(stream)
            if let expected, !expected.isMet(by: loaded.revision) {
                throw WrongExpectedRevision(stream: stream, expected: expected, actual: loaded.revision)
            }
            let events = try decide(loaded.state)
            guard !events.isEmpty else { return Transacted(unchanged: loaded) }
            let metadata = context.eventMetadata()
            let newEvents = try events.map { try NewEvent($0, id: makeEventID(), metadata: metadata) }
            do {
                let commit = try await store.append(
                    newEvents, to: stream, expecting: ExpectedRevision(lastRead: loaded.revision))
                return Transacted(loaded, followedBy: events, commit)
            } catch let conflict as WrongExpectedRevision {
                guard expected == nil, retriesLeft > 0 else { throw conflict }
                retriesLeft -= 1
            }
        }
    }
}

/// What a stream's events fold to.
public struct Loaded<State: EventSourced>: Sendable {
    public fileprivate(set) var state: State
    /// The last revision; nil for a stream without events.
    public fileprivate(set) var revision: Revision?
    /// The position of the last event; ``Position/start`` for a stream without events.
    public fileprivate(set) var position: Position
}

/// How a transaction ended: the state after it, and where the stream is.
public struct Transacted<State: EventSourced>: Sendable {
    public let state: State
    /// The last revision; nil only when the stream is still empty because nothing was decided.
    public let revision: Revision?
    /// Up to where a reader has to have come to see the outcome.
    public let position: Position

    fileprivate init(unchanged loaded: Loaded<State>) {
        state = loaded.state
        revision = loaded.revision
        position = loaded.position
    }

    fileprivate init(_ loaded: Loaded<State>, followedBy events: [State.Event], _ commit: Commit) {
        var state = loaded.state
        for event in events { state.evolve(event) }
        self.state = state
        revision = commit.revision
        position = commit.position
    }
}
