import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

/// Jobs in the transaction of the append, for a genuine BullMQ worker.
@Suite(.database, .timeLimit(.minutes(5))) struct AppendedJobsTests {
    private struct GivenUp: Error {}

    /// Runs `body` with the owner of a database that has both schemas, and a store that may only append and read.
    private func prepared(
        _ body: (
            GenuineBullMQ, _ owner: PostgresClient, PostgresEventStoreAdministration, OutboxEvents
        ) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let genuine = try await GenuineBullMQ.migrated()
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { admin in
                    try await body(
                        genuine, owner, PostgresEventStoreAdministration(admin),
                        OutboxEvents(PostgresEventStore(service, appended: PositionSignal())))
                }
            }
        }
    }

    private func jobs(_ owner: PostgresClient, in queue: String = "events") async throws -> [String] {
        try await owner.query(PostgresStatement("select id from bullmq.job where queue = $1 order by seq"), queue)
            .map { try $0.decode(String.self) }
    }

    @Test func `an append adds the jobs of its events, and a genuine worker has them`() async throws {
        try await prepared { genuine, owner, administration, events in
            try await events.append(1)
            try await administration.enable(AppendedJobs(of: .all, into: "events"))
            let appended = try await events.append(20, streams: 3).dropFirst()
            let handled = try await genuine.work(on: "events", until: 20)
            #expect(handled.map(\.id) == appended.map { $0.id.uuidString.lowercased() })
            #expect(handled.map(\.data.eventId) == handled.map(\.id))
            #expect(handled.map(\.data.stream) == appended.map(\.stream.rawValue))
            // The worker keeps what is completed for a day, so the data can be compared as it is in the table.
            let rows = try await owner.query(
                PostgresStatement("select id, name, data::text, opts::text from bullmq.job order by seq"))
            for (row, event) in zip(rows, appended) {
                let (id, name, data, options) = try row.decode(String.self, String.self, String.self, String.self)
                let again = try RecordedEvent(in: Job(id: id, name: name, data: EventPayload(bytes: Array(data.utf8))))
                #expect(again == event.formatted())
                #expect(options.contains(#""attempts": 3"#) && options.contains(#""age": 86400"#))
            }
        }
    }

    @Test func `before the commit a worker has nothing, and a rollback adds nothing`() async throws {
        try await prepared { genuine, owner, administration, events in
            try await administration.enable(AppendedJobs(of: .all, into: "events"))
            let insert = PostgresStatement(
                """
                insert into event_store.events (
                    position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata)
                select coalesce(max(position), 0) + 1, 0, clock_timestamp(), gen_random_uuid(), 1, 'core', $1,
                       'tests.thing.happened.v1', '{}', '{}' from event_store.events
                """)
            await #expect(throws: GivenUp.self) {
                try await owner.transaction { transaction in
                    try await transaction.execute(insert, "tests.thing.v1-core-a")
                    throw GivenUp()
                }
            }
            #expect(try await jobs(owner).isEmpty)
            try await owner.transaction { transaction in
                try await transaction.execute(insert, "tests.thing.v1-core-b")
                try await withClient { other in
                    let seen = try await jobs(other)
                    #expect(seen.isEmpty)
                }
            }
            #expect(try await jobs(owner).count == 1)
            #expect(try await genuine.work(on: "events", until: 1).map(\.data.stream) == ["tests.thing.v1-core-b"])
        }
    }

    @Test func `each queue has the events of its filter, with its options`() async throws {
        try await prepared { _, owner, administration, events in
            let other = try EventType("tests.other.happened.v1")
            var options = JobOptions()
            options.delay = .seconds(60)
            options.attempts = 7
            options.priority = 4
            try await administration.enable(
                AppendedJobs(of: LogFilter(types: [other]), into: "others", options: options))
            try await administration.enable(
                AppendedJobs(of: LogFilter(tenant: TenantID("core")), into: "events"))
            try await administration.enable(
                AppendedJobs(
                    of: LogFilter(
                        categories: [StreamCategory("tests.nothing.v1")], typePrefixes: [EventTypePrefix("tests.")]),
                    into: "nothing"))
            try await events.append(2)
            try await events.append(1, type: other.rawValue)
            #expect(try await jobs(owner).count == 3)
            #expect(try await jobs(owner, in: "nothing").isEmpty)
            let rows = try await owner.query(
                PostgresStatement(
                    """
                    select name, state::text, delay_ms, max_attempts, priority from bullmq.job where queue = 'others'
                    """))
            let row = try #require(rows.first)
            let (name, state, delay, attempts, priority) = try row.decode(
                String.self, String.self, Int64.self, Int32.self, Int32.self)
            #expect(rows.count == 1 && name == other.rawValue && state == "delayed")
            #expect((delay, attempts, priority) == (60_000, 7, 4))
        }
    }

    @Test func `what is no JSON is in Base64, and fails no append`() async throws {
        try await prepared { genuine, _, administration, events in
            try await administration.enable(AppendedJobs(of: .all, into: "events"))
            let stream = try StreamName("tests.thing.v1-core-bytes")
            for bytes in [[0xFF, 0x00], Array(#""\u0000""#.utf8)] as [[UInt8]] {
                _ = try await events.store.append([events.event(bytes)], to: stream, expecting: .any)
            }
            let handled = try await genuine.work(on: "events", until: 2)
            #expect(handled.map(\.data.payloadBase64) == ["/wA=", "Ilx1MDAwMCI="])
        }
    }

    @Test func `what comes back from the archive is not added again, and a disabled queue gets nothing`() async throws {
        try await prepared { _, owner, administration, events in
            try await administration.enable(AppendedJobs(of: .all, into: "events"))
            try await events.append(3)
            #expect(try await administration.archive(before: Position(3)) == 2)
            #expect(try await administration.restore(StreamName("tests.thing.v1-core-0")) == 2)
            #expect(try await jobs(owner).count == 3)
            #expect(try await administration.disableJobs(into: "events"))
            #expect(try await !administration.disableJobs(into: "events"))
            try await events.append(1)
            #expect(try await jobs(owner).count == 3)
            let triggers = try await owner.query(
                PostgresStatement("select count(*) from pg_trigger where tgname = 'events_are_enqueued'"))
            #expect(try triggers.first?.decode(Int64.self) == 0)
        }
    }

    @Test func `without BullMQ's schema a queue is not enabled`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let administration = PostgresEventStoreAdministration(owner)
            let error = await #expect(throws: BullMQSchemaUnusable.self) {
                try await administration.enable(AppendedJobs(of: .all, into: "events"))
            }
            #expect(error?.description.contains("run BullMQ's migrations in this database") == true)
            try await OutboxEvents(PostgresEventStore(owner, appended: PositionSignal())).append(1)
        }
    }
}

extension RecordedEvent {
    /// With its JSON and its time as PostgreSQL formats them; the tests have a single member.
    fileprivate func formatted() -> RecordedEvent {
        RecordedEvent(
            position: position, stream: stream, revision: revision, id: id, type: type,
            data: EventPayload(bytes: Array(#"{"amount": 1.50}"#.utf8)), metadata: metadata,
            recordedAt: RFC3339.rounded(recordedAt), number: number)
    }
}
