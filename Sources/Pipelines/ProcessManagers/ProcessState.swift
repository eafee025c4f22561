import EventSourcing
import FoundationEssentials

/// An instance of a process: its own state, and what is still to be done.
struct ProcessState<Manager: ProcessManager>: EventSourced {
    private(set) var own = Manager.State()
    /// Of each stream that the instance has handled events of, the last revision. Events of a stream come in their order.
    private var handled: [String: Int64] = [:]
    private var openDeadlines: [String: Date] = [:]
    /// The commands that are not acknowledged, in the order of the decisions.
    private(set) var pending: [PendingCommand<Manager.Command>] = []
    private(set) var isEnded = false

    init() {}

    var deadlines: [ProcessDeadline] {
        openDeadlines.map { ProcessDeadline($0.key, dueAt: $0.value) }.sorted { $0.name < $1.name }
    }

    func hasHandled(_ event: RecordedEvent) -> Bool {
        handled[event.stream.rawValue].map { event.revision.rawValue <= $0 } ?? false
    }

    mutating func evolve(_ event: ProcessEvent<Manager>) {
        switch event {
        case .own(let event): own.evolve(event)
        case .commandSent(let command): pending.removeAll { $0.id == command }
        case .decided(let decision): take(decision)
        }
    }

    private mutating func take(_ decision: ProcessDecision<Manager.Command>) {
        switch decision.cause {
        case .event(let event): handled[event.stream] = max(event.revision, handled[event.stream] ?? 0)
        case .deadline(let deadline): openDeadlines[deadline.name] = nil
        case .refusal(let refusal): pending.removeAll { $0.id == refusal.command }
        }
        for name in decision.cancelled { openDeadlines[name] = nil }
        for deadline in decision.deadlines { openDeadlines[deadline.name] = deadline.dueAt }
        if decision.isEnd {
            isEnded = true
            openDeadlines = [:]
        }
        pending += decision.commands.enumerated().map { index, command in
            PendingCommand(id: SentCommand(decision: decision.id, index: index), command: command)
        }
    }
}

/// A command that its receiver has not acknowledged.
struct PendingCommand<Command: Sendable>: Sendable {
    let id: SentCommand
    let command: Command
}

// MARK: - Decisions

extension ProcessState {
    typealias Event = ProcessEvent<Manager>

    /// Nothing for an event that was handled before, and for one that the manager does not react to.
    func handle(_ event: RecordedEvent, by manager: Manager, at now: Date, as id: UUID) throws -> [Event] {
        guard !hasHandled(event), !isEnded else { return [] }
        let actions = try manager.react(to: .event(event), in: own, at: now)
        guard !actions.isEmpty else { return [] }
        return decision(id, on: .event(ProcessCause.HandledEvent(event)), actions)
    }

    /// Nothing for a deadline that was reached, moved or cancelled meanwhile.
    func reach(_ name: String, by manager: Manager, at now: Date, as id: UUID) throws -> [Event] {
        guard let dueAt = openDeadlines[name], dueAt <= now else { return [] }
        let actions = try manager.react(to: .deadlineReached(name, dueAt: dueAt), in: own, at: now)
        return decision(id, on: .deadline(ProcessDeadline(name, dueAt: dueAt)), actions)
    }

    /// Nothing for a command that was acknowledged or refused before.
    func refuse(
        _ command: SentCommand, because reason: String, by manager: Manager, at now: Date, as id: UUID
    ) throws -> [Event] {
        guard let refused = pending.first(where: { $0.id == command }) else { return [] }
        let input = ProcessInput.commandRefused(refused.command, reason: reason)
        let actions = isEnded ? [] : try manager.react(to: input, in: own, at: now)
        return decision(id, on: .refusal(ProcessCause.RefusedCommand(command: command, reason: reason)), actions)
    }

    func acknowledge(_ command: SentCommand) -> [Event] {
        pending.contains { $0.id == command } ? [.commandSent(command)] : []
    }

    private func decision(_ id: UUID, on cause: ProcessCause, _ actions: [Manager.Action]) -> [Event] {
        var decision = ProcessDecision<Manager.Command>(id: id, cause: cause)
        var events: [Event] = []
        for action in actions {
            switch action {
            case .record(let event): events.append(.own(event))
            case .send(let command): decision.commands.append(command)
            case .setDeadline(let name, let dueAt):
                decision.cancelled.removeAll { $0 == name }
                decision.deadlines.removeAll { $0.name == name }
                decision.deadlines.append(ProcessDeadline(name, dueAt: dueAt))
            case .cancelDeadline(let name):
                decision.deadlines.removeAll { $0.name == name }
                decision.cancelled.append(name)
            case .end: decision.isEnd = true
            }
        }
        return [.decided(decision)] + events
    }
}
