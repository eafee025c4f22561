import EventSourcing
import FoundationEssentials

/// What the stream of an instance holds: its decisions, the acknowledgements of its commands, and events of its own.
enum ProcessEvent<Manager: ProcessManager>: DomainEvent {
    /// An input was handled.
    case decided(ProcessDecision<Manager.Command>)
    /// A command was acknowledged by its receiver.
    case commandSent(SentCommand)
    case own(Manager.State.Event)

    /// The stored names: `<context>.<process>.event_handled.v1` and so on, and those of the instance's own events.
    enum Name: RawRepresentable, CaseIterable, Hashable {
        case bookkeeping(Bookkeeping)
        case own(Manager.State.Event.Name)

        enum Bookkeeping: String, CaseIterable {
            case eventHandled = "event_handled.v1"
            case deadlineReached = "deadline_reached.v1"
            case commandRefused = "command_refused.v1"
            case commandSent = "command_sent.v1"
        }

        private static var prefix: String { "\(Manager.category.context).\(Manager.category.aggregate)." }

        init?(rawValue: String) {
            if let own = Manager.State.Event.Name(rawValue: rawValue) {
                self = .own(own)
                return
            }
            guard rawValue.hasPrefix(Self.prefix),
                let name = Bookkeeping(rawValue: String(rawValue.dropFirst(Self.prefix.count)))
            else { return nil }
            self = .bookkeeping(name)
        }

        var rawValue: String {
            switch self {
            case .bookkeeping(let name): Self.prefix + name.rawValue
            case .own(let name): name.rawValue
            }
        }

        static var allCases: [Self] {
            Bookkeeping.allCases.map(Self.bookkeeping) + Manager.State.Event.Name.allCases.map(Self.own)
        }
    }

    var name: Name {
        switch self {
        case .decided(let decision):
            switch decision.cause {
            case .event: .bookkeeping(.eventHandled)
            case .deadline: .bookkeeping(.deadlineReached)
            case .refusal: .bookkeeping(.commandRefused)
            }
        case .commandSent: .bookkeeping(.commandSent)
        case .own(let event): .own(event.name)
        }
    }

    func encode() throws -> EventPayload {
        switch self {
        case .decided(let decision): try EventPayload(encoding: decision)
        case .commandSent(let command): try EventPayload(encoding: command)
        case .own(let event): try event.encode()
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        self =
            switch name {
            case .bookkeeping(.commandSent): .commandSent(try payload.decode(SentCommand.self))
            case .bookkeeping: .decided(try payload.decode(ProcessDecision<Manager.Command>.self))
            case .own(let name): .own(try Manager.State.Event(name, from: payload))
            }
    }

    static var upcasters: Upcasters { Manager.State.Event.upcasters }

    var sequence: SequenceName? { if case .own(let event) = self { event.sequence } else { nil } }

    func numbered(_ number: Int64) -> Self {
        guard case .own(let event) = self else { return self }
        return .own(event.numbered(number))
    }

    func identified(by id: UUID) -> Self {
        guard case .own(let event) = self else { return self }
        return .own(event.identified(by: id))
    }
}

/// What followed from one input, as it is stored: all of it in one event.
struct ProcessDecision<Command: Codable & Sendable>: Codable, Sendable {
    /// Of this decision: its commands are known by it.
    let id: UUID
    let cause: ProcessCause
    var commands: [Command] = []
    /// The deadlines that are set or moved.
    var deadlines: [ProcessDeadline] = []
    var cancelled: [String] = []
    var isEnd = false

    init(id: UUID, cause: ProcessCause) {
        self.id = id
        self.cause = cause
    }
}

/// The input that a decision was taken on.
enum ProcessCause: Codable, Hashable, Sendable {
    case event(HandledEvent)
    case deadline(ProcessDeadline)
    case refusal(RefusedCommand)

    struct HandledEvent: Codable, Hashable, Sendable {
        let id: UUID
        let stream: String
        let revision: Int64

        init(_ event: RecordedEvent) {
            id = event.id
            stream = event.stream.rawValue
            revision = event.revision.rawValue
        }
    }

    struct RefusedCommand: Codable, Hashable, Sendable {
        let command: SentCommand
        let reason: String
    }

    private enum CodingKeys: String, CodingKey { case event, deadline, refusal }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let event = try container.decodeIfPresent(HandledEvent.self, forKey: .event) {
            self = .event(event)
        } else if let deadline = try container.decodeIfPresent(ProcessDeadline.self, forKey: .deadline) {
            self = .deadline(deadline)
        } else {
            self = .refusal(try container.decode(RefusedCommand.self, forKey: .refusal))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .event(let event): try container.encode(event, forKey: .event)
        case .deadline(let deadline): try container.encode(deadline, forKey: .deadline)
        case .refusal(let refusal): try container.encode(refusal, forKey: .refusal)
        }
    }
}

/// Names a command: the decision that it is of, and its index there.
struct SentCommand: Codable, Hashable, Sendable {
    let decision: UUID
    let index: Int
}
