public import EventSourcing
public import Testing

/// What had happened before a decision, for a test that reads as given, when, then:
///
/// ```swift
/// given(Invoice.self, [.created(created)])
///     .when { try $0.pay(at: noon) }
///     .then([.paid(paid)])
/// ```
public func given<State: EventSourced>(_ type: State.Type, _ events: [State.Event] = []) -> Given<State> {
    Given(state: State(folding: events))
}

/// A state that a decision can be taken on.
public struct Given<State: EventSourced> {
    fileprivate let state: State

    /// Takes the decision; what it returns or throws is compared by ``Decided``.
    public func when(_ decide: (State) throws -> [State.Event]) -> Decided<State> {
        Decided(state: state, outcome: Result { try decide(state) })
    }
}

/// The outcome of a decision.
public struct Decided<State: EventSourced> {
    fileprivate let state: State
    fileprivate let outcome: Result<[State.Event], any Error>

    /// Expects exactly these events; returns the state after them for further expectations.
    @discardableResult
    public func then(_ expected: [State.Event], sourceLocation: SourceLocation = #_sourceLocation) -> State
    where State.Event: Equatable {
        var state = state
        switch outcome {
        case .success(let events):
            #expect(events == expected, sourceLocation: sourceLocation)
            for event in events { state.evolve(event) }
        case .failure(let error):
            Issue.record(error, "the decision was refused", sourceLocation: sourceLocation)
        }
        return state
    }

    /// Expects that nothing is decided, because it holds already.
    public func thenNothing(sourceLocation: SourceLocation = #_sourceLocation) where State.Event: Equatable {
        then([], sourceLocation: sourceLocation)
    }

    /// Expects that the decision is refused with exactly this error.
    public func thenThrows<Refusal: Error & Equatable>(
        _ expected: Refusal, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: expected, sourceLocation: sourceLocation) { _ = try outcome.get() }
    }
}
