public import EventSourcing
public import FoundationEssentials
public import Pipelines
public import Testing

/// An instance of a process manager, for a test that reads as given, when, then:
///
/// ```swift
/// given(Shipping(), at: noon)
///     .when(OrderEvent.placed(order), in: stream)
///     .then([.record(.placed), .setDeadline("payment", at: noon + 3_600)])
///     .whenReached("payment", at: noon + 3_600)
///     .then([.send(CancelOrder(order.id)), .end])
/// ```
public func given<Manager: ProcessManager>(
    _ manager: Manager, at now: Date = Date(timeIntervalSince1970: 1_800_000_000)
) -> ProcessScenario<Manager> {
    ProcessScenario(manager: manager, now: now)
}

/// What an instance of a process does about what happens to it. What it records it knows from then on, and when it has ended
/// it reacts to nothing.
public struct ProcessScenario<Manager: ProcessManager> {
    /// The actions that followed from the last input, or why there are none.
    public private(set) var outcome: Result<[Manager.Action], any Error> = .success([])
    private let manager: Manager
    private var now: Date
    private var state = Manager.State()
    private var isEnded = false
    private var position = Position.start

    fileprivate init(manager: Manager, now: Date) {
        self.manager = manager
        self.now = now
    }

    /// An event happens; one that belongs to no instance is passed by.
    public func when(_ event: some DomainEvent, in stream: StreamName) -> Self {
        reacting { scenario in
            scenario.position = Position(scenario.position.rawValue + 1)
            let record = try RecordedEvent(
                storing: event, in: stream, revision: Revision(scenario.position.rawValue - 1),
                position: scenario.position, at: scenario.now)
            guard scenario.manager.filter.matches(record), try scenario.manager.instance(for: record) != nil else {
                return nil
            }
            return .event(record)
        }
    }

    /// The time of a deadline comes.
    public func whenReached(_ deadline: String, at time: Date) -> Self {
        reacting { scenario in
            scenario.now = max(scenario.now, time)
            return .deadlineReached(deadline, dueAt: time)
        }
    }

    /// A command that the process has sent is refused.
    public func whenRefused(_ command: Manager.Command, because reason: String) -> Self {
        reacting { _ in .commandRefused(command, reason: reason) }
    }

    private func reacting(to makeInput: (inout Self) throws -> Manager.Input?) -> Self {
        var next = self
        next.outcome = Result {
            guard let input = try makeInput(&next), !next.isEnded else { return [] }
            let actions = try manager.react(to: input, in: next.state, at: next.now)
            for action in actions {
                switch action {
                case .record(let event): next.state.evolve(event)
                case .end: next.isEnded = true
                case .send, .setDeadline, .cancelDeadline: break
                }
            }
            return actions
        }
        return next
    }

    /// Expects that exactly these actions follow from the last input, in this order.
    @discardableResult
    public func then(_ expected: [Manager.Action], sourceLocation: SourceLocation = #_sourceLocation) -> Self
    where Manager.State.Event: Equatable, Manager.Command: Equatable {
        switch outcome {
        case .success(let actions): #expect(actions == expected, sourceLocation: sourceLocation)
        case .failure(let error): Issue.record(error, "the input was refused", sourceLocation: sourceLocation)
        }
        return self
    }

    /// Expects that nothing follows from the last input.
    @discardableResult
    public func thenNothing(sourceLocation: SourceLocation = #_sourceLocation) -> Self
    where Manager.State.Event: Equatable, Manager.Command: Equatable {
        then([], sourceLocation: sourceLocation)
    }

    /// Expects that the last input is refused with an error of this category.
    @discardableResult
    public func thenFails(_ category: ErrorCategory, sourceLocation: SourceLocation = #_sourceLocation) -> Self {
        let error = #expect(throws: (any Error).self, sourceLocation: sourceLocation) { try outcome.get() }
        #expect((error as? any CategorizedError)?.category == category, sourceLocation: sourceLocation)
        return self
    }
}
