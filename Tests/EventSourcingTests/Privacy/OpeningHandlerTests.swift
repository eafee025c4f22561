import EventSourcing
import FoundationEssentials
import Logging
import Testing

@Suite(.timeLimit(.minutes(5))) struct OpeningHandlerTests {
    @Test func `a handler sees personal data in plain; an event with a broken seal is parked, the others go on`()
        async throws
    {
        let sealing = try Sealing()
        let events = [
            try sealing.event(Registered(.known("alice@example.org", sealing.alice))),
            try sealing.event(Registered(.known("bob@example.org", sealing.bob))),
            try sealing.event(Registered(.known("carol@example.org", try DataSubject("carol-3")))),
        ]
        _ = try await sealing.store.append([events[0]], to: sealing.stream("1"), expecting: .any)
        // What was sealed for one event stands in another one.
        let moved = try await sealing.vault.seal(
            events[1].data, for: SealBinding(event: UUID(), of: sealing.stream("2")))
        let broken = NewEvent(id: events[1].id, type: events[1].type, data: moved, metadata: events[1].metadata)
        _ = try await sealing.base.append([broken], to: sealing.stream("2"), expecting: .any)
        _ = try await sealing.store.append([events[2]], to: sealing.stream("3"), expecting: .any)

        let handled = Handled()
        let store = InMemorySubscriptionStore(on: sealing.base)
        let subscription = try Subscription(SubscriptionID("mailer"), on: .log(.all))
        let consumer = SubscriptionConsumer(
            of: subscription, in: store, appended: sealing.base.appended,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() },
            handler: sealing.vault.opening { event, _ in handled.add(event) })
        try await withThrowingTaskGroup { group in
            group.addTask { try await consumer.run() }
            while try await store.subscriptions().first.map({ $0.settled + Int64($0.parked) }) ?? 0 < 3 {
                await Task.yield()
            }
            group.cancelAll()
        }
        let plain = try handled.all.map { try $0.data.decode(Registered.self).email }
        #expect(
            Set(plain) == [
                .known("alice@example.org", sealing.alice), .known("carol@example.org", try DataSubject("carol-3")),
            ])
        let parked = try await store.parked(in: subscription.id, after: .start, limit: 10)
        #expect(parked.map(\.event.id) == [events[1].id])
        guard case .parked(attempts: 1, let reason, _) = parked.first?.state else {
            Issue.record("it is not parked at the first attempt")
            return
        }
        #expect(reason.contains("was changed, or moved from another place"))
    }
}
