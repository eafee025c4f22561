/// What a change of a webhook does to its group.
extension InMemorySubscriptionGroup {
    /// Receives other events from now on. Those that were drawn stay.
    mutating func receive(_ source: SubscriptionSource) throws {
        var settings = subscription.settings
        // A stream that is blocked by a message that cannot be delivered holds up no other.
        settings.bufferSize = max(settings.bufferSize, 20_000)
        subscription = try Subscription(subscription.id, on: source, from: subscription.start, settings: settings)
    }

    /// Goes on after a stop, with all attempts and without pauses.
    mutating func restart() {
        stopped = nil
        for index in window.indices {
            window[index].failures = 0
            window[index].notBefore = nil
        }
    }

    /// Makes everything due that waits for another attempt.
    mutating func hasten() {
        for index in window.indices { window[index].notBefore = nil }
    }

    /// Hands one event out again.
    mutating func redeliver(_ event: RecordedEvent) {
        guard event.position <= readPosition else { return }
        if parked.contains(where: { $0.event.position == event.position }) {
            _ = replay(.message(event.position))
            return
        }
        if let index = window.firstIndex(where: { $0.event.position == event.position }) {
            window[index].notBefore = nil
            return
        }
        window.append(Message(event: event))
        window.sort { $0.event.position < $1.event.position }
    }
}
