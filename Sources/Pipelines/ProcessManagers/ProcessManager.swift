public import EventSourcing
public import FoundationEssentials

/// A process manager: turns events into commands, with a state of its own and with deadlines.
///
/// It is a pure function. ``ProcessRunner`` gives it the events of the log, records what it decides and does it. Each
/// instance of the process has a stream `<category>-<tenant>-<instance>`: the instance's state is the fold of its own events
/// there, and next to them stands every decision, with the event that caused it, its commands and its deadlines, in one
/// append. So an event is handled once however often it is delivered, a command is sent until it is acknowledged and has
/// the effect of once, and a deadline is met once by any of the processes that run the manager, also after a restart.
///
/// ```swift
/// struct Shipping: ProcessManager {
///     typealias Command = CancelOrder
///
///     static let category = try! StreamCategory("shop.shipping.v1")
///     var filter: LogFilter { LogFilter(categories: [.orders]) }
///
///     func instance(for event: RecordedEvent) -> String? { String(event.stream.entityID) }
///
///     func react(to input: Input, in state: ShippingState, at now: Date) throws -> [Action] {
///         switch input {
///         case .event(let event): try Recorded<OrderEvent>(decoding: event).map { react(to: $0.event, at: now) } ?? []
///         case .deadlineReached("payment", _): [.send(CancelOrder(state.order)), .end]
///         case .deadlineReached, .commandRefused: []
///         }
///     }
/// }
/// ```
public protocol ProcessManager: Sendable {
    /// What an instance knows: the fold of the events that it has recorded. See ``ProcessAction/record(_:)``.
    associatedtype State: EventSourced
    /// The commands that it sends: one command, or an enum with a case for each. They are stored until they are acknowledged.
    ///
    /// State it by a type alias: ``Input`` and ``Action`` depend on it, so that the compiler cannot find it by itself.
    associatedtype Command: Codable & Sendable

    /// What the instance is given.
    typealias Input = ProcessInput<Command>
    /// What it does.
    typealias Action = ProcessAction<State.Event, Command>

    /// The streams of its instances, `<context>.<process>.v<schema>`. It also names the persistent subscription: it stays
    /// the same for as long as the process keeps its place in the log.
    static var category: StreamCategory { get }

    /// The events that it reacts to.
    var filter: LogFilter { get }

    /// Which instance an event belongs to: 1 to 128 characters as in a ``/EventSourcing/StreamName``. Nil for none.
    ///
    /// - Throws: an error that parks the event, unless its category says otherwise.
    func instance(for event: RecordedEvent) throws -> String?

    /// What follows from an input. It is pure, and may be called several times.
    ///
    /// - Parameters:
    ///   - state: of the instance, before the input.
    ///   - now: the time of the decision.
    func react(to input: Input, in state: State, at now: Date) throws -> [Action]
}

/// What happens to an instance of a process.
public enum ProcessInput<Command: Sendable>: Sendable {
    /// An event of the log.
    case event(RecordedEvent)
    /// A deadline has passed, perhaps long ago. Which instance it is about is told by the state: record what is needed of the
    /// event that sets a deadline.
    case deadlineReached(String, dueAt: Date)
    /// A command was refused: an error of the category ``/EventSourcing/ErrorCategory/validation``. It is not sent again.
    case commandRefused(Command, reason: String)
}

/// What a process does.
public enum ProcessAction<Event: Sendable, Command: Sendable>: Sendable {
    /// Records an event of the instance itself, which its state is folded from.
    case record(Event)
    /// Sends a command, once.
    case send(Command)
    /// Sets a deadline, or moves the one of this name. One in the past is reached at once.
    case setDeadline(String, at: Date)
    /// Removes a deadline, if there is one of this name.
    case cancelDeadline(String)
    /// Ends the instance: its deadlines are removed, and it reacts to nothing any more, nor to the refusal of a command. The
    /// commands that it has decided are sent.
    case end
}

extension ProcessAction: Equatable where Event: Equatable, Command: Equatable {}
