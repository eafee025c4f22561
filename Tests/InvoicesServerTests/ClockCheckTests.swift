import EventSourcing
import EventSourcingPostgres
import Foundation
import LibPQ
import PostgresTesting
import Testing

@testable import InvoicesServer

@Suite struct ClockCheckTests {
    private let now = Date(timeIntervalSince1970: 1_795_000_000)

    private func event(
        _ position: Int64, recorded: TimeInterval = 0, occurred: TimeInterval = 0
    ) throws -> RecordedEvent {
        let metadata = EventMetadata(
            correlationID: "c", causationID: "c", source: "tests", occurredAt: now + occurred)
        return RecordedEvent(
            position: Position(position), stream: try StreamName("tests.thing.v1-core-1"), revision: .first, id: .v7(),
            type: try EventType("tests.thing.happened.v1"), data: EventPayload(bytes: []),
            metadata: try EventPayload(encoding: metadata), recordedAt: now + recorded)
    }

    private func warnings(
        store: TimeInterval = 0, jump: ClockReport.Jump? = nil, _ events: [RecordedEvent] = []
    ) -> [ClockCheck.Warning] {
        let report = ClockReport(time: now + store, jumps: jump == nil ? 0 : 3, lastJump: jump)
        return ClockCheck(now: now, store: report, lastEvents: events).warnings
    }

    @Test func `clocks that agree, and a log in order, are nothing to tell`() throws {
        #expect(warnings(store: 4, [try event(2, recorded: 4, occurred: 4), try event(1, recorded: -1e9)]) == [])
    }

    @Test(arguments: [-6, 6, -2_592_000]) func `clocks that differ are told`(difference: TimeInterval) {
        let warnings = warnings(store: difference)
        #expect(warnings.count == 1)
        #expect(warnings.first?.message.contains("differ") == true)
        #expect(warnings.first?.metadata["clock.service"] == "2026-11-18T11:06:40Z")
    }

    @Test func `events in the future are told by their positions, and by the clock that was wrong`() throws {
        let warnings = warnings([
            try event(11, recorded: 60, occurred: 60), try event(10, occurred: 60), try event(9),
            try event(8, recorded: 60), try event(7), try event(6, occurred: 60), try event(5),
        ])
        #expect(
            warnings.map(\.metadata) == [
                [
                    "clock.now": "2026-11-18T11:06:40Z", "positions.store": "8, 11", "positions.writers": "6, 10-11",
                ]
            ])
    }

    @Test func `a clock that was set back is told by the position and both times`() {
        let warnings = warnings(
            jump: .init(position: Position(7), recordedAt: now - 60, precedingRecordedAt: now + 60))
        #expect(
            warnings.map(\.metadata) == [
                [
                    "jumps": "3", "last.position": "7", "last.recorded_at": "2026-11-18T11:05:40Z",
                    "last.preceding_recorded_at": "2026-11-18T11:07:40Z",
                ]
            ])
    }
}

extension IntegrationTests {
    @Suite struct WrongClocks {
        @Test func `the program warns at its start of times that are wrong, until they are put right`() async throws {
            let databases = try await TestDatabases.make()
            func warnings(_ body: @escaping @Sendable (RunningInvoices) async throws -> Void) async throws -> [String] {
                try await InvoicesProgram.serving(environment: databases.environment, body).output
                    .filter { $0.contains(" warning ") && $0.contains("correct_times") }
            }
            #expect(try await warnings { _ = try await $0.create() } == [])
            try await databases.eventStore.withClient { client in
                try await client.withConnection {
                    try await $0.script(
                        """
                        begin; set local event_store.administers = 'yes';
                        update event_store.events set recorded_at = recorded_at + interval '30 days' where position = 1;
                        commit;
                        """)
                }
            }
            let ahead = try await warnings { service in
                // The one that was made while the clock was wrong, and one that is made now.
                let listed = try await service.get("/invoices").json["data"] as? [[String: Any]] ?? []
                let made = [listed.first?["id"] as? String, try await service.create().id].compactMap(\.self)
                #expect(made.count == 2)
                let (soon, now) = (RFC3339.string(from: Date() + 3_600), RFC3339.string(from: Date()))
                for id in made {
                    #expect(try await service.get("/invoices/\(id)?at=\(soon)").status == 200)
                    #expect(try await service.get("/invoices/\(id)?at=\(now)").status == 200)
                    #expect(try await service.get("/invoices/\(id)?at=2026-01-01T00:00:00Z").status == 404)
                }
            }
            #expect(ahead.count == 1 && ahead.first?.contains("positions.store=1 ") == true, "\(ahead)")
            let setBack = try await warnings { _ in }
            #expect(setBack.contains { $0.contains("last.position=2") }, "\(setBack)")
            try await databases.eventStore.withClient { client in
                _ = try await client.execute(
                    PostgresStatement(
                        "select event_store.correct_times(1, 1, interval '-30 days', 'store', 'The clock was ahead.')"))
            }
            #expect(try await warnings { _ in } == [])
        }
    }
}
