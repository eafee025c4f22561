import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresRelayTests {
    /// Keeps what it was handed, unless it is down.
    private final class Keeping: EventSink {
        struct Down: Error {}

        let name = "keeping"
        let filter = LogFilter.all
        private let kept = Mutex<[RecordedEvent]>([])
        private let calls = Atomic(0)
        private let down = Atomic(false)

        var all: [RecordedEvent] { kept.withLock { $0 } }
        var callCount: Int { calls.load(ordering: .relaxed) }

        var isDown: Bool {
            get { down.load(ordering: .relaxed) }
            set { down.store(newValue, ordering: .relaxed) }
        }

        func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
            calls.add(1, ordering: .relaxed)
            if isDown { throw Down() }
            kept.withLock { $0 += deliveries.map(\.event) }
            return deliveries.map { _ in .acknowledge }
        }
    }

    @Test func `relays that compete, and lose their connections, keep each stream in its order`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let events = OutboxEvents(PostgresEventStore(owner, appended: PositionSignal()))
            let sink = Keeping()
            let terminate = PostgresStatement(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                  and query like '%exchange_subscription_messages%' limit 1
                """)
            try await withClient { other in
                try await events.relay(to: sink, relays: 3, until: 400, batchSize: 20) { _ in
                    for _ in 0..<10 {
                        try await events.append(40, streams: 7)
                        _ = try? await other.execute(terminate)
                    }
                }
            }
            #expect(Set(sink.all.map(\.position)).count == 400)
            let revisions = sink.all.reduce(into: [StreamName: [Int64]]()) { revisions, event in
                let revision = event.revision.rawValue
                if revisions[event.stream]?.contains(revision) != true {
                    revisions[event.stream, default: []].append(revision)
                }
            }
            for (stream, revisions) in revisions { #expect(revisions == revisions.sorted(), "\(stream)") }
        }
    }

    @Test func `what is redacted while the sink is down is sent without its data`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let events = OutboxEvents(PostgresEventStore(owner, appended: PositionSignal()))
            let sink = Keeping()
            sink.isDown = true
            let stream = try await events.append(2)[0].stream
            try await events.relay(to: sink, until: 3) { relays in
                while relays[0].state == .running { try await Task.sleep(for: .milliseconds(5)) }
                let context = MessageContext(
                    tenant: stream.tenant, correlationID: "c", user: nil, source: "tests",
                    now: Date(timeIntervalSince1970: 1_750_000_000))
                let isRedacted = try await PostgresEventStoreAdministration(owner).redact(
                    .first, of: stream, reason: "asked", in: context)
                #expect(isRedacted)
                sink.isDown = false
            }
            #expect(sink.all.map(\.isRedacted) == [true, false, false])
            let info = try await PostgresSubscriptionAdministration(owner).info(SubscriptionID("keeping"))
            #expect((info.settled, info.parked, info.retrying) == (3, 0, 0))
        }
    }

    @Test func `thousands of events take a trip for each batch`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let store = PostgresEventStore(owner, appended: PositionSignal())
            let events = OutboxEvents(store)
            let stream = try StreamName("tests.thing.v1-core-many")
            for _ in 0..<20 {
                _ = try await store.append(
                    (0..<100).map { _ in try events.event() }, to: stream, expecting: .any)
            }
            let sink = Keeping()
            try await events.relay(to: sink, until: 2_000, batchSize: 500)
            #expect(sink.all.map(\.position.rawValue) == Array(1...2_000))
            #expect(sink.callCount <= 6)
        }
    }

    private struct Mailer: EventHandler {
        let sent: Keeping
        let name = "mailer"
        let filter = LogFilter.all

        func handle(_ event: RecordedEvent, attempt: Int) async throws {
            _ = try await sent.deliver([SubscriptionDelivery(event: event, attempt: attempt, number: 1)])
        }
    }

    @Test(arguments: [false, true]) func `no handler is called when a projection is rebuilt or healed`(
        queued: Bool
    ) async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(3)
            try await stage.catchUp()
            let store = InMemorySubscriptionStore(on: stage.store)
            let (sent, queue) = (Keeping(), InMemoryJobQueue())
            let dispatch: EventHandlerDispatch = queued ? .queued(queue) : .synchronous
            let service = try dispatch.service(
                for: Mailer(sent: sent), in: store, appended: stage.store.appended, from: .beginning,
                logger: OutboxEvents.silent)
            func handled() -> Int { queued ? queue.jobs.count : sent.all.count }
            try await withThrowingTaskGroup { group in
                group.addTask { try await service.run() }
                while handled() < 30 { try await Task.sleep(for: .milliseconds(5)) }
                try await stage.running {
                    #expect(try await stage.rebuild().run().isSwitched)
                    let healing = PostgresProjectionHealing(reading: try await stage.copy(upTo: 30), in: stage.client)
                    try await healing.heal(healing.plan(for: "tallies"))
                }
                // Whatever was called for the rebuild would have been before this one.
                try await stage.add(1, to: 1)
                while handled() < 31 { try await Task.sleep(for: .milliseconds(5)) }
                group.cancelAll()
            }
            #expect(handled() == 31)
            #expect(Set(queued ? queue.jobs.map(\.id) : sent.all.map(\.id.uuidString)).count == 31)
        }
    }
}
