/// Delivers events with their personal data in plain.
struct OpeningSink: EventSink {
    let sink: any EventSink
    let vault: PersonalDataVault

    var name: String { sink.name }
    var filter: LogFilter { sink.filter }

    func check(against types: Set<EventType>) throws(InvalidSink) { try sink.check(against: types) }

    func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
        if let opened = try await opened(deliveries) { return try await sink.deliver(opened) }
        // One seal or more is broken. The events of other streams go on.
        var verdicts: [SubscriptionVerdict?] = []
        var sound: [SubscriptionDelivery] = []
        var held = Set<StreamName>()
        for delivery in deliveries {
            if held.contains(delivery.event.stream) {
                verdicts.append(.retry(reason: "the event before it in its stream was not sent"))
                continue
            }
            do {
                sound += try await vault.open([delivery.event]).map(delivery.replacing)
                verdicts.append(nil)
            } catch let error as BrokenSeal {
                held.insert(delivery.event.stream)
                verdicts.append(SubscriptionVerdict(for: error))
            }
        }
        var delivered = (sound.isEmpty ? [] : try await sink.deliver(sound)).makeIterator()
        return verdicts.map { verdict in
            verdict ?? delivered.next() ?? .retry(reason: "the sink returned no verdict on it")
        }
    }

    /// The deliveries in plain; nil when one of them has a broken seal.
    private func opened(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionDelivery]? {
        do {
            let events = try await vault.open(deliveries.map(\.event))
            return zip(deliveries, events).map { $0.replacing($1) }
        } catch is BrokenSeal {
            return nil
        }
    }
}

extension SubscriptionDelivery {
    /// The same delivery of an event whose data is in plain.
    fileprivate func replacing(_ event: RecordedEvent) -> SubscriptionDelivery {
        SubscriptionDelivery(event: event, attempt: attempt, number: receipt.number)
    }
}

extension PersonalDataVault {
    /// A handler that sees the event's personal data in plain. One event with a broken seal is parked, the others go on.
    public func opening(_ handler: @escaping SubscriptionConsumer.Handler) -> SubscriptionConsumer.Handler {
        { event, attempt in
            for opened in try await self.open([event]) { try await handler(opened, attempt) }
        }
    }

    /// A sink that sees personal data in plain; of a forgotten subject, the marker that says so. One event with a broken
    /// seal is parked, those of other streams go on. Without it a sink sees what the log holds: sealed data.
    public func opening(_ sink: any EventSink) -> any EventSink { OpeningSink(sink: sink, vault: self) }
}
