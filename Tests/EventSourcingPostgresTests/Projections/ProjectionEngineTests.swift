import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import Logging
import PostgresTesting
import Testing

/// The engine, its administration and PostgreSQL as the read database, over a log in memory.
@Suite(.database, .timeLimit(.minutes(5))) struct ProjectionEngineTests {
    private let store = InMemoryEventStore()
    private let applied = PositionSignal()

    private func add(_ amounts: [Int], to entity: String) async throws {
        for amount in amounts {
            let event = NewEvent(
                id: .v7(), type: try EventType("tests.tally.added.v1"),
                data: try EventPayload(encoding: Added(amount: amount)), metadata: EventPayload(bytes: []))
            _ = try await store.append([event], to: stream(entity), expecting: .any)
        }
    }

    private func stream(_ entity: String) throws -> StreamName { try StreamName("tests.tally.v1-core-\(entity)") }

    private func withRunning(
        partitions: Int = 1, _ body: (PostgresProjectionAdministration, PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { client in
            try await client.withConnection {
                try await $0.script(
                    """
                    create table tallies (stream text primary key, total bigint not null,
                        constraint small check (total < 100))
                    """)
            }
            let projection = PostgresProjection(
                "tallies", [PostgresRowReadModel(Tallies(), table: tallyTable())], partitions: partitions, in: client)
            _ = try await projection.layout()
            var configuration = ProjectionRunner.Configuration()
            configuration.pollInterval = .milliseconds(20)
            configuration.batchSize = 5
            let runner = ProjectionRunner(
                reading: store, into: projection, appended: store.appended, applied: applied,
                configuration: configuration, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
            try await withThrowingTaskGroup { group in
                group.addTask { try await runner.run() }
                try await body(PostgresProjectionAdministration(client), client)
                group.cancelAll()
            }
        }
    }

    private func totals(_ client: PostgresClient) async throws -> [String: Int64] {
        let rows = try await client.query(PostgresStatement("select stream, total from tallies"))
        return Dictionary(
            uniqueKeysWithValues: try rows.map { row in
                let (stream, total) = try row.decode(String.self, Int64.self)
                return (String(stream.last!), total)
            })
    }

    private func wait(until isSo: () async throws -> Bool) async throws {
        while try await !isSo() { try await Task.sleep(for: .milliseconds(5)) }
    }

    private func expectApplied(_ position: Int64) async throws {
        #expect(try await applied.wait(until: Position(position), atMost: .seconds(60)))
    }

    @Test func `a parked stream is retried in order once its cause is mended`() async throws {
        try await withRunning { administration, client async throws in
            try await add([1, 200, 3], to: "a")
            try await add([7], to: "b")
            try await expectApplied(4)
            #expect(try await totals(client) == ["a": 1, "b": 7])
            let parked = try await administration.parkedEvents(of: "tallies", after: .start, limit: 10)
            #expect(parked.map(\.position) == [Position(2), Position(3)])
            #expect(parked[0].reason?.contains("small") == true)
            #expect(parked[1].reason == nil)
            let status = try await administration.projections()[0]
            #expect(status.parkedStreams == 1 && status.parkedEvents == 2)
            #expect(status.lag(behind: Position(9)) == 5)

            try await client.withConnection { try await $0.script("alter table tallies drop constraint small") }
            try await administration.retry(stream("a"), in: "tallies")
            try await wait { try await totals(client) == ["a": 204, "b": 7] }
            #expect(try await administration.projections()[0].parkedEvents == 0)
        }
    }

    @Test func `a skipped event is left out, and the ones behind it are applied`() async throws {
        try await withRunning { administration, client async throws in
            try await add([1, 200, 3, 4], to: "a")
            try await expectApplied(4)
            let skipped = try await administration.skip(firstOf: stream("a"), in: "tallies", reason: "a typing error")
            #expect(skipped == Position(2))
            try await wait { try await totals(client) == ["a": 8] }
            try await add([5], to: "a")
            try await wait { try await totals(client) == ["a": 13] }
            let left = try await administration.parkedEvents(of: "tallies", after: .start, limit: 10)
            #expect(left.map(\.skip?.reason) == ["a typing error"])
            await #expect(throws: StreamNotParked.self) { try await administration.retry(stream("a"), in: "tallies") }
        }
    }

    @Test func `a retry that fails again keeps the stream parked, with a new attempt`() async throws {
        try await withRunning { administration, client async throws in
            try await add([200], to: "a")
            try await expectApplied(1)
            try await administration.retry(stream("a"), in: "tallies")
            try await wait {
                let parked = try await administration.parkedEvents(of: "tallies", after: .start, limit: 10)
                return parked.map(\.attempts) == [2] && !parked[0].isToBeRetried
            }
        }
    }

    @Test func `a paused projection applies nothing until it is resumed`() async throws {
        try await withRunning { administration, client async throws in
            try await add([1], to: "a")
            try await expectApplied(1)
            try await administration.pause("tallies", reason: "maintenance")
            try await add([2], to: "a")
            #expect(try await !applied.wait(until: Position(2), atMost: .milliseconds(200)))
            #expect(try await administration.projections()[0].pause?.reason == "maintenance")
            try await administration.resume("tallies")
            try await expectApplied(2)
            #expect(try await totals(client) == ["a": 3])
        }
    }

    @Test func `the number of partitions changes while events come in`() async throws {
        try await withRunning(partitions: 3) { administration, client async throws in
            let entities = (0..<8).map(String.init)
            try await add([200, 1], to: "0")
            for (round, partitions) in [5, 2, 1].enumerated() {
                for entity in entities { try await add([1], to: entity) }
                try await administration.setPartitions(of: "tallies", to: Partitioning(partitions))
                for entity in entities { try await add([1], to: entity) }
                try await wait { try await administration.projections()[0].partitions.count == partitions }
                try await expectApplied(Int64(2 + 16 * (round + 1)))
            }
            #expect(try await totals(client) == Dictionary(uniqueKeysWithValues: entities.dropFirst().map { ($0, 6) }))
            try await administration.skip(firstOf: stream("0"), in: "tallies", reason: "test")
            try await wait { try await totals(client)["0"] == 7 }
        }
    }

    @Test func `an administrator is told of what there is not`() async throws {
        try await withRunning { administration, _ async throws in
            await #expect(throws: ProjectionNotFound("none")) {
                try await administration.pause("none", reason: "")
            }
        }
    }
}
