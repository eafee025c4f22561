import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

/// Rows that are made of states in memory. The stored row is spoiled, so that the next commit shows whether it was read.
@Suite(.database, .timeLimit(.minutes(5))) struct RecalledRowsTests {
    private struct Tally: EventSourced {
        var total: Int64 = 0

        mutating func evolve(_ event: TallyEvent) {
            switch event {
            case .added(let added): total += Int64(added.amount)
            }
        }
    }

    /// A log, a projection that has applied the first event of a stream, and aggregates whose states it may use.
    private struct Setting {
        let stream: StreamName
        let store = InMemoryEventStore()
        let states = AggregateCache<Tally>()
        let client: PostgresClient
        let projection: PostgresProjection
        var version: Int64 = 0

        init(_ client: PostgresClient) async throws {
            stream = try StreamName("tests.tally.v1-core-1")
            self.client = client
            let recalled = RecalledRows(of: states) { $0.state.total }
            projection = PostgresProjection(
                "tallies", [PostgresRowReadModel(Tallies(), table: tallyTable(), recalling: recalled)], in: client)
            _ = try await projection.layout()
            try await append(1)
            try await load()
            try await commit()
        }

        /// Appends as another process does.
        func append(_ amount: Int) async throws {
            let event = NewEvent(
                id: .v7(), type: try EventType("tests.tally.added.v1"),
                data: try EventPayload(encoding: Added(amount: amount)), metadata: EventPayload(bytes: []))
            _ = try await store.append([event], to: stream, expecting: .any)
        }

        /// Adds by a command, which leaves the state in memory; nil adds nothing.
        func add(_ amount: Int?) async throws {
            let context = MessageContext(
                tenant: stream.tenant, correlationID: "c", source: "tests", now: Date(timeIntervalSince1970: 0))
            _ = try await AggregateStore(store, cache: states).transact(stream, in: context) { (_: Tally) in
                amount.map { [TallyEvent.added(Added(amount: $0))] } ?? []
            }
        }

        mutating func load() async throws {
            version = try await projection.load(0, of: Partitioning(1)).version
        }

        /// Applies the last events of the log in one commit.
        mutating func commit(_ count: Int = 1) async throws {
            let events = try await Array(store.readLog(after: .start, .forwards, limit: 100).suffix(count))
            try await projection.commit(
                ProjectionCommit(
                    partition: 0, version: version, nextVersion: version + 1,
                    checkpoint: Checkpoint(
                        incarnation: nil, position: events.last!.position, eventID: events.last!.id),
                    applied: events))
            version += 1
        }

        func spoil() async throws { try await client.execute("update tallies set total = total + 1000") }

        var total: Int64? {
            get async throws { try await client.query("select total from tallies").first?.decode(Int64.self) }
        }
    }

    private func withSetting(_ body: (inout Setting) async throws -> Void) async throws {
        try await withTallies { _, client async throws in
            var setting = try await Setting(client)
            // The row that the first commit has written is forgotten, and commands are handled after that.
            try await setting.load()
            try await body(&setting)
        }
    }

    @Test func `a row is not read if the state after its events is in memory`() async throws {
        try await withSetting { setting in
            try await setting.spoil()
            try await setting.add(2)
            let before = setting.client.statistics
            try await setting.commit()
            #expect((setting.client.statistics - before).trips == 1)
            #expect(try await setting.total == 3)
            // It is remembered like every row that was written.
            try await setting.append(4)
            try await setting.commit()
            #expect(try await setting.total == 7)
        }
    }

    @Test func `a row is not read if the state before its events is in memory`() async throws {
        try await withSetting { setting in
            try await setting.spoil()
            try await setting.add(nil)
            try await setting.append(2)
            try await setting.append(4)
            try await setting.commit(2)
            #expect(try await setting.total == 7)
        }
    }

    @Test func `a row is read if the state in memory is neither the one before its events nor the one after`()
        async throws
    {
        try await withSetting { setting in
            try await setting.spoil()
            try await setting.add(2)
            try await setting.append(4)
            try await setting.commit(2)
            #expect(try await setting.total == 1007)
        }
    }

    @Test func `a state that was read before the partition was loaded is not used`() async throws {
        try await withSetting { setting in
            try await setting.add(2)
            try await setting.load()
            try await setting.spoil()
            try await setting.commit()
            #expect(try await setting.total == 1003)
        }
    }

    @Test func `rows are read as long as an event of the projection is skipped`() async throws {
        try await withSetting { setting in
            try await setting.client.execute(
                """
                insert into parked_events (projection, partition, position, tenant, stream, event_id, type, skipped_at)
                values ('tallies', 0, 9, 'core', 'tests.tally.v1-core-9', gen_random_uuid(), 't', now())
                """)
            try await setting.load()
            try await setting.spoil()
            try await setting.add(2)
            try await setting.commit()
            #expect(try await setting.total == 1003)
        }
    }
}
