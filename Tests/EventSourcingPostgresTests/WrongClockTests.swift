import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import PostgresTesting
import Synchronization
import Testing

@testable import EventSourcingPostgres

/// The store's clock is PostgreSQL's, which no test can set. An event that it has recorded by a clock that was ahead is
/// imitated by changing the event's time, as only the owner can.
@Suite(.database, .timeLimit(.minutes(5))) struct WrongClockTests {
    private static let month: TimeInterval = 30 * 86_400

    private func withStore(_ body: (PostgresEventStore, PostgresClient) async throws -> Void) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await body(PostgresEventStore(service, appended: PositionSignal()), owner)
            }
        }
    }

    private func event(occurredAt time: Date = Date()) throws -> NewEvent {
        let metadata = EventMetadata(correlationID: "c", causationID: "c", source: "tests", occurredAt: time)
        return try NewEvent(
            id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: Array("{}".utf8)),
            metadata: EventPayload(encoding: metadata))
    }

    private func stream(_ name: String) throws -> StreamName { try StreamName("tests.thing.v1-core-\(name)") }

    private func log(_ store: PostgresEventStore) async throws -> [RecordedEvent] {
        try await store.readLog(after: nil, .forwards, limit: 100)
    }

    /// Appends events one by one; those whose positions are named have a time a month ahead when the next one comes.
    private func append(
        _ count: Int, aheadAt positions: Set<Int>, to store: PostgresEventStore, _ owner: PostgresClient
    ) async throws {
        for position in 1...count {
            _ = try await store.append([event()], to: stream("\(position)"), expecting: .noStream)
            if positions.contains(position) { try await owner.putLastEventAhead() }
        }
    }

    @Test func `one wrong time is no time of what comes later`() async throws {
        try await withStore { store, owner in
            let start = Date()
            try await append(4, aheadAt: [2], to: store, owner)
            let times = try await log(store).map(\.recordedAt)
            #expect(times[1] > start + Self.month - 60)
            for place in [0, 2, 3] { #expect(abs(times[place].timeIntervalSince(start)) < 300, "\(place)") }
            let report = try await store.clockReport()
            #expect(abs(report.time.timeIntervalSince(start)) < 300)
            #expect(report.jumps == 1)
            #expect(
                report.lastJump
                    == .init(position: Position(3), recordedAt: times[2], precedingRecordedAt: times[1]))
        }
    }

    /// A batch takes another path through the function than an event alone, and so does an append to several streams.
    @Test func `what is appended together notes a jump as an event alone does, and what is refused does not`()
        async throws
    {
        try await withStore { store, owner in
            try await append(1, aheadAt: [1], to: store, owner)
            await #expect(throws: WrongExpectedRevision.self) {
                _ = try await store.append([event(), event()], to: stream("1"), expecting: .noStream)
            }
            await #expect(throws: WrongExpectedRevision.self) {
                _ = try await store.append([event()], to: stream("1"), expecting: .noStream)
            }
            #expect(try await store.clockReport().jumps == 0)
            let commit = try await store.append([event(), event()], to: stream("2"), expecting: .noStream)
            #expect(commit.position == Position(3))
            let log = try await log(store)
            #expect(log[1].recordedAt == log[2].recordedAt && log[1].recordedAt < log[0].recordedAt)
            #expect(try await store.clockReport().lastJump?.position == Position(2))
        }
    }

    @Test func `what an append has recorded is what is read of it`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let recorded = Mutex<[RecordedEvent]>([])
            let store = PostgresEventStore(owner, appended: PositionSignal()) { events, _ in
                recorded.withLock { $0 += events }
            }
            try await append(1, aheadAt: [1], to: store, owner)
            _ = try await store.append([event()], to: stream("2"), expecting: .noStream)
            _ = try await store.append([event(), event()], to: stream("3"), expecting: .noStream)
            #expect(try await log(store).dropFirst() == recorded.withLock(\.self).dropFirst())
        }
    }

    @Test func `the position at a time is found across jumps`() async throws {
        try await withStore { store, owner in
            try await append(12, aheadAt: [3, 4, 9], to: store, owner)
            #expect(try await store.clockReport().jumps == 3)
            let log = try await log(store)
            let times = log.map(\.recordedAt)
            for time in times + [times[0] - 1, times[11] + 1, .distantFuture] {
                let expected = log.last { $0.recordedAt <= time }?.position ?? .start
                #expect(try await store.position(at: time) == expected)
            }
        }
    }

    // MARK: Correcting

    @Test func `an administrator puts times right, and no jump is left`() async throws {
        try await withStore { store, owner in
            try await append(6, aheadAt: [3, 4], to: store, owner)
            _ = try await PostgresEventStoreAdministration(owner).archive(before: Position(4))
            let before = try await log(store)
            try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { administrator in
                let corrected = try await administrator.correct(3, 4, "-30 days", "store", "The clock was ahead.")
                #expect(corrected == 2)
            }
            let after = try await log(store)
            for (place, event) in after.enumerated() {
                #expect(event.recordedAt == before[place].recordedAt - ([2, 3].contains(place) ? Self.month : 0))
                #expect(event.data == before[place].data && event.metadata == before[place].metadata)
            }
            #expect(after.map(\.recordedAt) == after.map(\.recordedAt).sorted())
            #expect(try await store.clockReport().lastJump == nil)
            let kept = try await owner.query(
                PostgresStatement(
                    "select first_position, last_position, clock, reason from event_store.time_corrections"))
            let (first, last, clock, reason) = try #require(kept.first).decode(
                Int64.self, Int64.self, String.self, String.self)
            #expect((first, last, clock, reason) == (3, 4, "store", "The clock was ahead."))
        }
    }

    @Test func `times that writers told are corrected to the microsecond, and only those if it is said so`()
        async throws
    {
        try await withStore { store, owner in
            let time = Date(timeIntervalSince1970: 1_795_000_000.123_456)
            _ = try await store.append([event(occurredAt: time)], to: stream("1"), expecting: .any)
            let before = try await log(store)[0]
            #expect(try await owner.correct(1, 1, "1 hour 0.5 seconds", "writers", "It was behind.") == 1)
            let after = try await log(store)[0]
            #expect(after.recordedAt == before.recordedAt)
            var metadata = try before.decodeMetadata()
            metadata.occurredAt = metadata.occurredAt + 3_600.5
            #expect(RFC3339.string(from: try after.decodeMetadata().occurredAt) == "2026-11-18T12:06:40.623456Z")
            #expect(RFC3339.string(from: metadata.occurredAt) == "2026-11-18T12:06:40.623456Z")
            #expect(try after.decodeMetadata().correlationID == metadata.correlationID)
            #expect(try await owner.correct(1, 1, "-1 hour", "both", "It was not.") == 1)
            #expect(try await log(store)[0].recordedAt == before.recordedAt - 3_600)
        }
    }

    @Test(arguments: [
        (0, 1, "1 day", "store", "why"), (2, 1, "1 day", "store", "why"), (1, 3, "1 day", "store", "why"),
        (1, 1, "1 day", "clock", "why"), (1, 1, "1 day", "store", "  "),
    ])
    func `a correction that makes no sense changes nothing`(
        _ first: Int64, _ last: Int64, _ shift: String, _ clock: String, _ reason: String
    ) async throws {
        try await withStore { store, owner in
            try await append(2, aheadAt: [], to: store, owner)
            let before = try await log(store)
            await #expect(throws: PostgresError.self) {
                _ = try await owner.correct(first, last, shift, clock, reason)
            }
            #expect(try await log(store) == before)
        }
    }

    @Test func `the service can correct nothing`() async throws {
        try await withStore { store, owner in
            try await append(1, aheadAt: [], to: store, owner)
            await #expect {
                _ = try await store.client.correct(1, 1, "1 day", "store", "why")
            } throws: {
                SQLState.insufficientPrivilege ~= $0
            }
        }
    }
}

extension PostgresClient {
    fileprivate func putLastEventAhead() async throws {
        try await withConnection {
            try await $0.script(
                """
                begin;
                set local event_store.administers = 'yes';
                update event_store.events set recorded_at = recorded_at + interval '30 days'
                where position = (select max(position) from event_store.events);
                commit;
                """)
        }
    }

    fileprivate func correct(
        _ first: Int64, _ last: Int64, _ shift: String, _ clock: String, _ reason: String
    ) async throws -> Int64? {
        let statement = PostgresStatement(
            "select event_store.correct_times($1, $2, $3::text::interval, $4, $5)")
        return try await execute(statement, first, last, shift, clock, reason).first?.decode(Int64.self)
    }
}
