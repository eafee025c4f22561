import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Synchronization
import Testing

/// What subscriptions write and read, counted by the server.
@Suite(.database, .timeLimit(.minutes(5))) struct SubscriptionCostTests {
    private final class Sink: EventSink {
        let name = "counting"
        let filter = LogFilter.all
        let delivered = Mutex<[RecordedEvent]>([])

        func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
            delivered.withLock { $0 += deliveries.map(\.event) }
            return deliveries.map { _ in .acknowledge }
        }
    }

    /// Rows that were written to the tables of subscriptions, and reads of them.
    private struct Work: Equatable {
        var rowsWritten: Int64
        var scans: Int64
    }

    /// Waits until the server has counted so many events.
    private func work(in client: PostgresClient, events: Int64) async throws -> Work {
        let counted = PostgresStatement(
            "select coalesce(n_tup_ins, 0)::bigint from pg_stat_user_tables where relname = 'events'")
        while try await client.query(counted)[0].decode(Int64.self) < events {
            try await Task.sleep(for: .milliseconds(20))
        }
        let row = try await client.query(
            PostgresStatement(
                """
                select sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint,
                       sum(seq_scan + coalesce(idx_scan, 0))::bigint
                from pg_stat_user_tables where relname in (
                    'subscriptions', 'subscription_handouts', 'subscription_messages', 'parked_messages',
                    'subscription_consumers')
                """))[0]
        let (rows, scans) = try row.decode(Int64.self, Int64.self)
        return Work(rowsWritten: rows, scans: scans)
    }

    @Test func `a relay writes a few rows for a thousand events`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let store = PostgresEventStore(owner, appended: PositionSignal())
            let events = OutboxEvents(store)
            let stream = try StreamName("tests.thing.v1-core-many")
            for _ in 0..<10 {
                _ = try await store.append((0..<100).map { _ in try events.event() }, to: stream, expecting: .any)
            }
            let sink = Sink()
            try await events.relay(to: sink, until: 1_000, batchSize: 500)
            #expect(sink.delivered.withLock(\.count) == 1_000)
            let messages = PostgresStatement("select n_tup_ins::bigint from pg_stat_user_tables where relname = $1")
            // The session of the relay has ended, and has told its counts.
            while try await owner.query(messages, "subscription_handouts")[0].decode(Int64.self) < 2 {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try await owner.query(messages, "subscription_messages")[0].decode(Int64.self) == 0)
            #expect(try await work(in: owner, events: 1_000).rowsWritten <= 30)
        }
    }

    @Test func `an append does no work for a thousand groups`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let subscriptions = PostgresSubscriptionStore(owner)
            for number in 0..<1_000 {
                try await subscriptions.register(
                    Subscription(SubscriptionID("group\(number)"), on: .log(.all), from: .beginning))
            }
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                let events = OutboxEvents(PostgresEventStore(service, appended: PositionSignal()))
                try await events.append(1)
                let before = try await work(in: owner, events: 1)
                try await events.append(100)
                #expect(try await work(in: owner, events: 101) == before)
            }
        }
    }

    @Test func `what this process has appended is not read back, and what was redacted since is`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let (appended, tail) = (PositionSignal(), LogTail())
            let store = PostgresEventStore(owner, appended: appended, tail: tail)
            let events = OutboxEvents(store)
            let all = try await events.append(20, streams: 4)
            let isRedacted = try await PostgresEventStoreAdministration(owner).redact(
                .first, of: all[2].stream, reason: "asked",
                in: MessageContext(
                    tenant: all[0].stream.tenant, correlationID: "c", user: nil, source: "tests",
                    now: Date(timeIntervalSince1970: 1_750_000_000)))
            #expect(isRedacted)
            let present = try await store.readLog(after: .start, .forwards, limit: .max)
            for tail in [tail, nil] {
                let group = try Subscription(SubscriptionID(tail == nil ? "reading" : "remembering"), on: .log(.all))
                let subscriptions = PostgresSubscriptionStore(owner, tail: tail)
                try await subscriptions.register(group)
                let taken = try await subscriptions.exchange(
                    SubscriptionExchange(consumer: "one", limit: 100), in: group.id
                ).deliveries
                #expect(taken.map(\.event.position) == present.map(\.position))
                #expect(taken.map(\.event.id) == present.map(\.id))
                #expect(taken.map(\.event.data) == present.map(\.data))
                #expect(taken.map(\.event.isRedacted) == present.map(\.isRedacted))
                let late = try await subscriptions.exchange(
                    SubscriptionExchange(
                        consumer: "one", settlements: taken.map { $0.settled(.acknowledge) }, limit: 1), in: group.id)
                #expect(late.refused.isEmpty)
            }
        }
    }

    @Test func `messages that an earlier version handed out are settled, and come again when they are not`()
        async throws
    {
        try await withDatabase(migrations: "event_store") { owner in
            let events = OutboxEvents(PostgresEventStore(owner, appended: PositionSignal()))
            let all = try await events.append(4, streams: 4)
            let subscriptions = PostgresSubscriptionStore(owner)
            var settings = SubscriptionSettings()
            settings.retryDelays = [.zero]
            let group = try Subscription(SubscriptionID("old"), on: .log(.all), settings: settings)
            try await subscriptions.register(group)
            // A row for each message, as that version has left them: two in hand, of which one has timed out, and one free.
            try await owner.withConnection {
                try await $0.script(
                    """
                    insert into event_store.subscription_messages
                        (subscription_id, position, stream, consumer, number, deadline)
                    select s.subscription_id, e.position, e.stream,
                           case when e.position < 3 then 'before' end, case when e.position < 3 then 1 end,
                           case e.position when 1 then now() + interval '1 hour' when 2 then now() - interval '1 s' end
                    from event_store.subscriptions s, event_store.events e where e.position <= 3;
                    update event_store.subscriptions set read_position = 3, exchanges = 1, next_deadline = now();
                    """)
            }
            let again = try await subscriptions.exchange(
                SubscriptionExchange(consumer: "after", limit: 10), in: group.id
            ).deliveries
            #expect(again.map(\.event.position) == all.dropFirst().map(\.position))
            #expect(again.map(\.attempt) == [2, 1, 1])
            let first = SubscriptionDelivery(event: all[0], attempt: 1, number: 1)
            let settled = try await subscriptions.exchange(
                SubscriptionExchange(consumer: "before", settlements: [first.settled(.acknowledge)], limit: 0),
                in: group.id)
            #expect(settled.refused.isEmpty)
            #expect(try await PostgresSubscriptionAdministration(owner).info(group.id).settled == 1)
        }
    }
}
