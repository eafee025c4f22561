import EventSourcing
import EventSourcingTesting
import LibPQ
import PostgresTesting
import Testing

@testable import EventSourcingPostgres

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresEventStoreTests {
    /// Runs `body` with a store whose client may do what the service may, and with a client that may do everything.
    private func withStore(_ body: (PostgresEventStore, PostgresClient) async throws -> Void) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await body(PostgresEventStore(service, appended: PositionSignal()), owner)
            }
        }
    }

    private func append(_ count: Int, to store: PostgresEventStore) async throws {
        for number in 0..<count {
            let event = try NewEvent(
                id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: Array("{}".utf8)),
                metadata: EventPayload(bytes: Array("{}".utf8)))
            _ = try await store.append([event], to: StreamName("tests.thing.v1-core-\(number)"), expecting: .any)
        }
    }

    @Test(arguments: EventStoreContract.clauses)
    func `the store in PostgreSQL keeps the contract`(_ clause: EventStoreContract.Clause) async throws {
        try await withStore { store, _ in try await clause.check(store) }
    }

    @Test(arguments: EventStoreAdministrationContract.clauses)
    func `the administration in PostgreSQL keeps the contract`(
        _ clause: EventStoreAdministrationContract.Clause
    ) async throws {
        try await withStore { store, _ in
            try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { administrator in
                try await clause.check(store, PostgresEventStoreAdministration(administrator))
            }
        }
    }

    @Test(arguments: [
        "update event_store.events set data = ''", "delete from event_store.events", "truncate event_store.events",
    ])
    func `events cannot be changed or removed`(_ sql: String) async throws {
        try await withStore { store, client in
            try await append(1, to: store)
            await #expect { try await client.execute(PostgresStatement(sql)) } throws: {
                SQLState.insufficientPrivilege ~= $0
            }
            #expect(try await store.head() == Position(1))
        }
    }

    @Test(arguments: [
        "select * from event_store.events", "select * from event_store.all_events",
        "select * from event_store.commands",
        "insert into event_store.events select * from event_store.events", "delete from event_store.archived_events",
        "select event_store.archive_events(5, 5)", "select event_store.purge_commands(now(), 5)",
        "select event_store.redact_event('a', 'a', 0, '', '', '', gen_random_uuid(), '', '', '')",
        "create table event_store.mine (id int)",
    ])
    func `the service may call the functions for its work, and nothing else`(_ sql: String) async throws {
        try await withStore { store, _ in
            try await append(1, to: store)
            await #expect { try await store.client.execute(PostgresStatement(sql)) } throws: {
                SQLState.insufficientPrivilege ~= $0
            }
        }
    }

    @Test func `a function with the owner's rights looks nothing up where its caller can put it`() async throws {
        try await withStore { _, owner in
            let rows = try await owner.query(
                PostgresStatement(
                    """
                    select oid::regprocedure::text from pg_proc
                    where pronamespace = 'event_store'::regnamespace and prosecdef
                      and not coalesce('search_path=pg_catalog' = any (proconfig), false)
                    """))
            #expect(try rows.map { try $0.decode(String.self) } == [])
        }
    }

    @Test func `an event cannot get into the stream of another tenant`() async throws {
        try await withStore { _, owner in
            let statement = PostgresStatement(
                """
                insert into event_store.events (
                    position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata)
                values (1, 0, now(), gen_random_uuid(), 1, 'ours', 'tests.thing.v1-theirs-1',
                    'tests.thing.happened.v1', '', '')
                """)
            await #expect { try await owner.execute(statement) } throws: { SQLState.checkViolation ~= $0 }
        }
    }

    @Test func `events_json shows data and metadata as JSON`() async throws {
        try await withStore { store, client in
            try await append(1, to: store)
            let rows = try await client.query(
                PostgresStatement("select data::text, metadata::text from event_store.events_json where position = 1"))
            let (data, metadata) = try rows[0].decode(String.self, String.self)
            #expect([data, metadata] == ["{}", "{}"])
        }
    }

    @Test func `positions stay gapless when many connections append at once`() async throws {
        try await withStore { store, client in
            try await withThrowingTaskGroup { group in
                for worker in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            let event = try NewEvent(
                                id: .v7(), type: EventType("tests.thing.happened.v1"),
                                data: EventPayload(bytes: []), metadata: EventPayload(bytes: []))
                            let stream = try StreamName("tests.thing.v1-core-\(worker).\(number % 5)")
                            _ = try await store.append([event], to: stream, expecting: .any)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let rows = try await client.query(
                PostgresStatement(
                    """
                    select count(*), max(position), count(distinct (stream, revision)),
                           bool_and(revision = rank - 1)
                    from (select *, row_number() over (partition by stream order by position) as rank from event_store.events) e
                    """))
            let (count, last, places, isContiguous) = try rows[0].decode(
                Int64.self, Int64.self, Int64.self, Bool.self)
            #expect([count, last, places] == [200, 200, 200])
            #expect(isContiguous)
        }
    }
}
