extension AggregateStore {
    /// What is asked of one decision.
    struct Transaction {
        let stream: StreamName
        let context: MessageContext
        let expected: ExpectedRevision?
        let command: CommandKey?
        let presumesNew: Bool
    }

    /// Where the state comes from that is decided on.
    private enum Basis {
        /// It is the empty state, because the stream is believed to be new.
        case presumed
        case cached
        /// It was just read from the store. Only from here is anything refused, or answered without an append.
        case loaded
    }

    func run(
        _ transaction: Transaction, _ decide: (State) throws -> Decision<State.Event>
    ) async throws -> Transacted<State> {
        let (stream, context) = (transaction.stream, transaction.context)
        guard stream.tenant == context.tenant else { throw TenantMismatch(stream: stream, tenant: context.tenant) }
        var basis = transaction.presumesNew && transaction.expected == nil ? Basis.presumed : .cached
        var retriesLeft = retries
        while true {
            let loaded = try await state(of: stream, &basis)
            let decision: Decision<State.Event>
            do {
                if let expected = transaction.expected, !expected.isMet(by: loaded.revision) {
                    throw WrongExpectedRevision(stream: stream, expected: expected, actual: loaded.revision)
                }
                decision = try decide(loaded.state)
            } catch {
                guard basis == .loaded else {
                    basis = .loaded
                    continue
                }
                if let handled = try await handled(transaction) { return handled }
                throw error
            }
            if decision.events.isEmpty, transaction.command == nil {
                if basis == .loaded { return Transacted(loaded, of: stream) }
                basis = .loaded
                continue
            }
            do {
                return try await append(decision, onto: loaded, transaction)
            } catch let conflict as WrongExpectedRevision {
                cache?.remove(stream)
                if basis == .loaded {
                    guard transaction.expected == nil, retriesLeft > 0 else { throw conflict }
                    retriesLeft -= 1
                }
                basis = .loaded
            }
        }
    }

    private func state(of stream: StreamName, _ basis: inout Basis) async throws -> Loaded<State> {
        switch basis {
        case .presumed: return Loaded()
        case .cached:
            if let cached = cache?[stream] { return cached }
            basis = .loaded
        case .loaded: break
        }
        let loaded = try await reader.load(stream)
        cache?.insert(loaded, for: stream)
        return loaded
    }

    private func append(
        _ decision: Decision<State.Event>, onto loaded: Loaded<State>, _ transaction: Transaction
    ) async throws -> Transacted<State> {
        let stream = transaction.stream
        let part = try StreamAppend(
            events(decision.events, in: transaction.context), to: stream,
            expecting: ExpectedRevision(lastRead: loaded.revision))
        let outcome = try await store.append(Append([part], by: transaction.command, outcome: decision.outcome))
        guard !outcome.isRepetition else { return try await repetition(of: outcome, on: stream) }
        var loaded = loaded
        let recorded = try loaded.take(outcome.events)
        if !recorded.isEmpty, let snapshots { loaded = snapshots.note(loaded, of: stream, loadTime: .zero) }
        cache?.insert(loaded, for: stream)
        return Transacted(
            loaded, of: stream, events: recorded, position: outcome.position, commandOutcome: outcome.commandOutcome)
    }

    /// The events as they are to be appended, with the metadata of the context.
    func events(_ events: [State.Event], in context: MessageContext) throws -> [NewEvent] {
        guard !events.isEmpty else { return [] }
        let metadata = try EventPayload(encoding: context.eventMetadata())
        return try events.map { try NewEvent($0, id: makeEventID(), metadata: metadata) }
    }

    /// The outcome of the first time, if the command was handled before.
    private func handled(_ transaction: Transaction) async throws -> Transacted<State>? {
        guard let command = transaction.command,
            let handled = try await store.handledCommand(command.id, in: transaction.stream.tenant)
        else { return nil }
        return try await repetition(of: handled.outcome(for: command), on: transaction.stream)
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
