/// What an ``AggregateCommand`` may touch: the aggregates of one category, on behalf of one caller.
public struct Aggregates<State: EventSourced>: Sendable {
    /// Loads and changes them.
    public let store: AggregateStore<State>
    /// The category of their streams.
    public let category: StreamCategory
    /// On whose behalf the command was sent.
    public let context: MessageContext

    /// Binds the aggregates of a category to the context of a command.
    public init(store: AggregateStore<State>, category: StreamCategory, context: MessageContext) {
        self.store = store
        self.category = category
        self.context = context
    }

    /// Decides a command and appends what it decides.
    ///
    /// - Throws: ``CommandRefused`` in place of what the decision throws; ``InvalidFields`` when the command breaks a
    ///   rule of its schema; ``InvalidName`` when the id of its aggregate is none; what the store throws.
    func handle<C: AggregateCommand>(_ command: C) async throws -> CommandResult where C.Aggregate == State {
        try C.schema.check(command)
        let stream = try StreamName(category: category, tenant: context.tenant, entityID: command.entityID)
        let outcome: Transacted<State>
        if let key = context.command {
            outcome = try await store.transact(stream, in: context, by: key) { (state: State) in
                do { return Decision(try command.decide(state, in: context)) } catch {
                    guard let refusal = CommandRefused(error, of: C.name) else { throw error }
                    return Decision(keeping: try refusal.stored())
                }
            }
        } else {
            outcome = try await store.transact(stream, in: context) { (state: State) -> [State.Event] in
                do { return try command.decide(state, in: context) } catch {
                    throw CommandRefused(error, of: C.name) ?? error
                }
            }
        }
        if let stored = outcome.commandOutcome {
            throw try CommandRefused(
                stored, of: C.name, id: context.commandID ?? "", isRepetition: outcome.isRepetition)
        }
        return CommandResult(
            stream: outcome.stream, revision: outcome.revision, position: outcome.position,
            isRepetition: outcome.isRepetition)
    }
}
