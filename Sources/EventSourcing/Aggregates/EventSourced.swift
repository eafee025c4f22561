/// State that is nothing but the fold of its events.
public protocol EventSourced: Sendable {
    associatedtype Event: DomainEvent

    /// The empty stream.
    init()

    /// Takes one fact in. Total: no rules and no errors, for what has happened cannot be refused.
    mutating func evolve(_ event: Event)
}

extension EventSourced {
    /// The state after these events.
    public init(folding events: some Sequence<Event>) {
        self.init()
        for event in events { evolve(event) }
    }
}
