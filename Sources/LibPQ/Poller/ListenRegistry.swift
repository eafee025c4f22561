/// Who listens on which channels, and which of them the server knows of.
struct ListenRegistry {
    private struct Channel {
        /// Tells the answer to the last `LISTEN` from those to earlier ones.
        var generation: Int
        var isListening = false
        var subscriptions: [Subscription] = []
    }

    private var channels: [String: Channel] = [:]
    private var generation = 0

    var isEmpty: Bool { channels.isEmpty }
    var names: [String] { channels.keys.sorted() }

    /// Adds a listener: whether the channel is new.
    mutating func add(_ subscription: Subscription) -> Bool {
        let isNew = channels[subscription.channel] == nil
        var channel = channels[subscription.channel] ?? Channel(generation: 0)
        channel.subscriptions.append(subscription)
        channels[subscription.channel] = channel
        if channel.isListening { subscription.stream.yield(.listening) }
        return isNew
    }

    /// Removes a listener; returns the channel if that was its last listener.
    mutating func remove(_ id: RequestID) -> String? {
        for (name, channel) in channels where channel.subscriptions.contains(where: { $0.id == id }) {
            channels[name]?.subscriptions.removeAll { $0.id == id }
            guard channels[name]?.subscriptions.isEmpty == true else { return nil }
            channels[name] = nil
            return name
        }
        return nil
    }

    /// `LISTEN` is being sent: the number that its answer has to show.
    mutating func begin(_ name: String) -> Int {
        generation += 1
        channels[name]?.generation = generation
        return generation
    }

    mutating func confirm(_ name: String, generation: Int) {
        guard channels[name]?.generation == generation else { return }
        channels[name]?.isListening = true
        yield(.listening, on: name)
    }

    mutating func fail(_ name: String, generation: Int, _ error: any Error) {
        // The loss of the connection is no failure: there will be another.
        guard channels[name]?.generation == generation, (error as? PostgresError)?.server != nil else { return }
        for subscription in channels.removeValue(forKey: name)?.subscriptions ?? [] {
            subscription.stream.finish(throwing: error)
        }
    }

    func yield(_ notification: PostgresNotification, on name: String) {
        for subscription in channels[name]?.subscriptions ?? [] { subscription.stream.yield(notification) }
    }

    mutating func connectionLost() {
        for name in channels.keys { channels[name]?.isListening = false }
    }

    mutating func finishAll() { end(throwing: nil) }

    mutating func failAll(_ error: any Error) { end(throwing: error) }

    private mutating func end(throwing error: (any Error)?) {
        for channel in channels.values {
            for subscription in channel.subscriptions { subscription.stream.finish(throwing: error) }
        }
        channels.removeAll()
    }
}
