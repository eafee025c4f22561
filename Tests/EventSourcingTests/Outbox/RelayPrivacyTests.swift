import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Testing

/// What waits to be sent is sent as what is left of it.
@Suite(.timeLimit(.minutes(5))) struct RelayPrivacyTests {
    private let sealing: Sealing

    init() throws { sealing = try Sealing() }

    /// Relays what is in the log to a sink, and returns what it was handed; while the sink is down, runs `body`.
    private func relay(
        _ sink: RecordingSink, opening: Bool = false, whileDown body: () async throws -> Void
    ) async throws -> [RecordedEvent] {
        let store = InMemorySubscriptionStore(on: sealing.base)
        let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        var configuration = Relay.Configuration()
        configuration.longestPause = .milliseconds(10)
        let relay = try Relay(
            to: opening ? sealing.vault.opening(sink) : sink, in: store, appended: sealing.base.appended,
            configuration: configuration, logger: silent)
        let group = ServiceGroup(services: [relay], logger: silent)
        sink.isDown = true
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            while sink.all.isEmpty { await Task.yield() }
            try await body()
            sink.isDown = false
            let head = try await sealing.base.head()
            while sink.delivered.all.last.map({ $0.position < head }) ?? true { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        return sink.delivered.all
    }

    private func register(_ entityID: String = "1", _ email: String = "alice@example.org") async throws {
        let event = try sealing.event(Registered(.known(email, sealing.alice)))
        _ = try await sealing.store.append([event], to: sealing.stream(entityID), expecting: .any)
    }

    @Test func `an event that is redacted while it waits is sent without its data`() async throws {
        try await register()
        let sent = try await relay(RecordingSink()) {
            let isRedacted = try await sealing.base.redact(
                .first, of: sealing.stream(), reason: "asked", in: sealing.context)
            #expect(isRedacted)
        }
        #expect(sent.first?.isRedacted == true)
        #expect(sent.count == 2 && !sent[1].data.text.contains("alice@"))
        let job = Job(for: try #require(sent.first))
        #expect(job.data.text.contains(#""payload":{"redacted": true}"#))
    }

    @Test func `personal data stays sealed unless the sink opens it`() async throws {
        try await register()
        let sealed = try await relay(RecordingSink("sealed")) {}
        #expect(!sealed[0].data.text.contains("alice@example.org") && sealed[0].data.text.contains("$sealed"))
        let plain = try await relay(RecordingSink("plain"), opening: true) {}
        #expect(try plain[0].data.decode(Registered.self).email == .known("alice@example.org", sealing.alice))
    }

    @Test func `personal data that is forgotten while it waits is sent as its marker`() async throws {
        try await register()
        let sink = RecordingSink()
        let sent = try await relay(sink, opening: true) {
            _ = try await sealing.erasure.forget(sealing.alice, reason: "asked", in: sealing.context)
        }
        #expect(try sent[0].data.decode(Registered.self).email == .forgotten(sealing.alice))
        #expect(sink.delivered.all.allSatisfy { !$0.data.text.contains("alice@example.org") })
    }

    @Test func `an event with a broken seal is parked, and the other streams go on`() async throws {
        // What was sealed for one event is in another one.
        let event = try sealing.event(Registered(.known("alice@example.org", sealing.alice)))
        let moved = try await sealing.vault.seal(event.data, for: SealBinding(event: UUID(), of: sealing.stream("2")))
        let broken = NewEvent(id: event.id, type: event.type, data: moved, metadata: event.metadata)
        _ = try await sealing.base.append([broken], to: sealing.stream("2"), expecting: .any)
        try await register("2")
        try await register("3")
        let deliveries = try await sealing.base.readLog(after: .start, .forwards, limit: 10).map {
            SubscriptionDelivery(event: $0, attempt: 1, number: 1)
        }
        let sink = RecordingSink()
        let verdicts = try await sealing.vault.opening(sink).deliver(deliveries)
        guard case .park(let reason) = verdicts[0], case .retry = verdicts[1] else {
            Issue.record("\(verdicts)")
            return
        }
        #expect(reason.contains("was changed, or moved from another place") && verdicts[2] == .acknowledge)
        #expect(sink.delivered.all.map(\.position.rawValue) == [3])
    }
}
