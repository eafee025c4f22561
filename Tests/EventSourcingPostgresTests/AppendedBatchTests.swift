import EventSourcing
import FoundationEssentials
import LibPQ
import PostgresTesting
import Synchronization
import Testing

@testable import EventSourcingPostgres

@Suite(.database, .timeLimit(.minutes(2))) struct AppendedBatchTests {
    private func append(_ name: String, _ count: Int, sequence: String? = nil) throws -> Append {
        let events = try (0..<count).map { _ in
            try NewEvent(
                id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: []),
                metadata: EventPayload(bytes: []), sequence: sequence.map { try SequenceName($0) })
        }
        return Append([StreamAppend(events, to: try StreamName("tests.thing.v1-core-\(name)"), expecting: .noStream)])
    }

    @Test func `every batch is told with the event before it, before the signal moves`() async throws {
        struct Batch {
            let events: [RecordedEvent]
            let precedingEventID: UUID?
            let signalled: Position
        }
        try await withDatabase(migrations: "event_store") { client in
            let signal = PositionSignal()
            let batches = Mutex<[Batch]>([])
            let store = PostgresEventStore(client, appended: signal) { events, preceding in
                let batch = Batch(events: events, precedingEventID: preceding, signalled: signal.position)
                batches.withLock { $0.append(batch) }
            }
            let other = PostgresEventStore(client, appended: PositionSignal())
            try await withThrowingTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try await store.append(append("\(number)", 1 + number % 3, sequence: "tests.A"))
                        if number % 4 == 0 { _ = try await other.append(append("other\(number)", 1)) }
                        await #expect(throws: WrongExpectedRevision.self) {
                            _ = try await store.append(append("\(number)", 1))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let log = try await store.readLog(after: nil, .forwards, limit: 1_000)
            let seen = batches.withLock(\.self)
            #expect(seen.flatMap(\.events).count == 79)
            var last = Position.start
            for batch in seen {
                let first = try #require(batch.events.first)
                let start = Int(first.position.rawValue) - 1
                #expect(batch.events == Array(log[start..<start + batch.events.count]))
                #expect(batch.precedingEventID == (start == 0 ? nil : log[start - 1].id))
                #expect(batch.signalled < first.position)
                #expect(first.position > last)
                last = try #require(batch.events.last).position
            }
        }
    }

    @Test(arguments: [0, 5] as [Int32])
    func `a known outcome is read`(_ code: Int32) async throws {
        let result = try await result(outcome: code)
        #expect(result.outcomes.map(\.rawValue) == [code])
    }

    @Test(arguments: [-1, 7] as [Int32])
    func `an unknown outcome is an error that names it`(_ code: Int32) async throws {
        await #expect {
            try await result(outcome: code)
        } throws: {
            "\($0)".contains("unknown outcome \(code)")
        }
    }

    private func result(outcome: Int32) async throws -> AppendResult {
        var result: AppendResult?
        try await withClient { client in
            let rows = try await client.query(
                """
                select array[$1], array[0::bigint], null::bigint[], null::bigint[], clock_timestamp(), 0::bigint,
                       null::uuid
                """, outcome)
            result = try AppendResult(rows[0])
        }
        return try #require(result)
    }
}
