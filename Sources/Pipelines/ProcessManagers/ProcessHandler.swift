import EventSourcing
import FoundationEssentials

/// Handles the inputs of a process: records what the manager decides, and does it.
///
/// Every step can be repeated. The one that triggers it, an event of the subscription or a deadline of the table, is only
/// given up when all of its decision is done; so whatever a crash leaves undone is done by the next delivery:
/// 1. The decision is appended to the stream of the instance. A repetition finds it there.
/// 2. The deadlines are written to the table, from the state of the instance.
/// 3. Each command that is not acknowledged is sent, under a key that is always the same.
/// 4. Its acknowledgement, or its refusal, is appended.
struct ProcessHandler<Manager: ProcessManager>: Sendable {
    typealias Sender = @Sendable (Manager.Command, MessageContext) async throws -> Void

    let manager: Manager
    let store: any EventStore
    let deadlines: any DeadlineStore
    /// Sends a command. The context has its ``/EventSourcing/CommandKey``.
    let send: Sender
    let now: @Sendable () -> Date
    /// Is told of the deadlines that were written.
    let scheduled: @Sendable ([ProcessDeadline]) -> Void

    /// Recent instances stay in memory: a command is acknowledged, and the next event handled, without reading the stream.
    private let instances: AggregateStore<ProcessState<Manager>>
    private var source: String { "\(Manager.category.context).\(Manager.category.aggregate)" }

    init(
        manager: Manager, store: any EventStore, deadlines: any DeadlineStore, send: @escaping Sender,
        now: @escaping @Sendable () -> Date, scheduled: @escaping @Sendable ([ProcessDeadline]) -> Void
    ) {
        self.manager = manager
        self.store = store
        self.deadlines = deadlines
        self.send = send
        self.now = now
        self.scheduled = scheduled
        instances = AggregateStore(store, cache: AggregateCache())
    }

    /// Handles an event of the log.
    ///
    /// The first event of a stream begins an instance, as a rule: it is decided without reading the instance's stream.
    ///
    /// - Throws: what a consumer judges by ``/EventSourcing/SubscriptionVerdict/init(for:)``.
    func handle(_ event: RecordedEvent) async throws {
        guard let instance = try manager.instance(for: event) else { return }
        let stream = try StreamName(category: Manager.category, tenant: event.tenant, entityID: instance)
        let context = try MessageContext(causedBy: event, source: source, now: now())
        var isRepetition = false
        let outcome = try await instances.transact(
            stream, in: context, presumingNew: event.revision == .first
        ) { process -> [ProcessEvent<Manager>] in
            isRepetition = process.hasHandled(event)
            return try process.handle(event, by: manager, at: context.now, as: UUID.v7())
        }
        if isRepetition || !outcome.events.isEmpty { try await carryOut(outcome) }
    }

    /// Meets a deadline. One that the instance does not have any more is removed from the table.
    func meet(_ due: DueDeadline) async throws {
        guard let last = try await store.read(due.instance, from: nil, .backwards, limit: 1).first else {
            return try await deadlines.schedule([], of: due.instance, at: Revision(.max))
        }
        let context = try MessageContext(causedBy: last, source: source, now: now())
        let outcome = try await instances.transact(due.instance, in: context) { process -> [ProcessEvent<Manager>] in
            try process.reach(due.deadline.name, by: manager, at: context.now, as: UUID.v7())
        }
        try await carryOut(outcome, metBy: due.deadline)
    }

    /// Does what the instance has decided and not done.
    ///
    /// - Parameter due: the deadline whose entry stays until everything is done.
    private func carryOut(_ outcome: Transacted<ProcessState<Manager>>, metBy due: ProcessDeadline? = nil) async throws
    {
        var outcome = outcome
        let stream = outcome.stream
        // A crash may have prevented the first delivery from writing its deadlines.
        let changesDeadlines = outcome.events.isEmpty || outcome.events.contains { $0.event.changesDeadlines }
        if due == nil ? changesDeadlines : !outcome.state.pending.isEmpty { try await schedule(outcome, keeping: due) }
        while let command = outcome.state.pending.first {
            let context = try await self.context(of: command.id, in: stream, appended: outcome.events)
            if let refusal = try await refusal(of: command, in: context) {
                outcome = try await instances.transact(stream, in: context) { process -> [ProcessEvent<Manager>] in
                    try process.refuse(command.id, because: refusal, by: manager, at: context.now, as: UUID.v7())
                }
                try await schedule(outcome, keeping: due)
            } else {
                outcome = try await instances.transact(stream, in: context) { process -> [ProcessEvent<Manager>] in
                    process.acknowledge(command.id)
                }
            }
        }
        if due != nil { try await schedule(outcome, keeping: nil) }
    }

    /// Sends a command.
    ///
    /// - Returns: why it was refused; nil when it was carried out.
    private func refusal(
        of command: PendingCommand<Manager.Command>, in context: MessageContext
    ) async throws -> String? {
        do { try await send(command.command, context) } catch {
            guard ErrorCategory(of: error) == .validation else { throw error }
            return "\(error)"
        }
        return nil
    }

    private func schedule(
        _ outcome: Transacted<ProcessState<Manager>>, keeping kept: ProcessDeadline?
    ) async throws {
        let current = outcome.state.deadlines
        var entries = current
        if let kept { entries = current.filter { $0.name != kept.name } + [kept] }
        try await deadlines.schedule(entries, of: outcome.stream, at: outcome.revision ?? .first)
        scheduled(current)
    }

    /// The context of a command: caused by the decision that it is of, and handled once.
    private func context(
        of command: SentCommand, in stream: StreamName, appended: [Recorded<ProcessEvent<Manager>>]
    ) async throws -> MessageContext {
        let decision = try await record(of: command.decision, in: stream, appended: appended)
        let key = try CommandKey(
            id: "\(Manager.category)/\(command.decision.text)/\(command.index)",
            requestHash: Array(command.decision.text.utf8))
        return try MessageContext(causedBy: decision, command: key, source: source, now: now())
    }

    private func record(
        of decision: UUID, in stream: StreamName, appended: [Recorded<ProcessEvent<Manager>>]
    ) async throws -> RecordedEvent {
        if let recorded = appended.first(where: { $0.event.decisionID == decision }) { return recorded.record }
        for try await record in store.events(of: stream, .backwards, pageSize: 100) {
            let recorded = try Recorded<ProcessEvent<Manager>>(decoding: record)
            if recorded?.event.decisionID == decision { return record }
        }
        throw LostDecision(stream: stream, decision: decision)
    }
}

extension ProcessEvent {
    fileprivate var decisionID: UUID? { if case .decided(let decision) = self { decision.id } else { nil } }

    fileprivate var changesDeadlines: Bool {
        guard case .decided(let decision) = self else { return false }
        return !decision.deadlines.isEmpty || !decision.cancelled.isEmpty || decision.isEnd
    }
}

/// The event store has lost the end of a stream while an instance was at work on it.
struct LostDecision: CategorizedError, CustomStringConvertible {
    let stream: StreamName
    let decision: UUID

    var category: ErrorCategory { .transient }

    var description: String { "\(stream) has no decision \(decision.text) any more: it is decided again" }
}
