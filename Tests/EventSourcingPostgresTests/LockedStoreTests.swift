import EventSourcing
import LibPQ
import PostgresTesting
import Testing

@testable import EventSourcingPostgres

/// Another session holds a lock that appends need.
@Suite(.database, .timeLimit(.minutes(5))) struct LockedStoreTests {
    private static let locks = [
        "select pg_advisory_xact_lock(7226481)",
        "lock table event_store.events in access exclusive mode",
        "lock table event_store.commands in share mode",
        "select * from event_store.sequences for update",
        "alter table event_store.events add column more int",
    ]

    private func withStore(
        timeout: Duration = .seconds(10), lockTimeout: Duration? = nil,
        _ body: (PostgresEventStore, PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            try await withClient {
                $0.role = PostgresEventStore.serviceRole
                $0.lockTimeout = lockTimeout
            } _: { service in
                var limits = AppendLimits()
                limits.batches.timeout = timeout
                let store = PostgresEventStore(service, limits: limits, appended: PositionSignal())
                _ = try await store.append(append(to: 0))
                try await body(store, owner)
            }
        }
    }

    /// An append that needs the table of commands and the numbers' sequence.
    private func append(to entity: Int) throws -> Append {
        let event = try NewEvent(
            id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: Array("{}".utf8)),
            metadata: EventPayload(bytes: Array("{}".utf8)), sequence: SequenceName("things"))
        return Append(
            [StreamAppend([event], to: try StreamName("tests.thing.v1-core-\(entity)"), expecting: .noStream)],
            by: try CommandKey(id: "command-\(entity)", requestHash: []))
    }

    private func count(_ owner: PostgresClient) async throws -> Int64 {
        try await owner.query("select count(*) from event_store.events")[0].decode(Int64.self)
    }

    /// Waits until so many sessions of the service wait for a lock.
    private func waitUntilBlocked(_ sessions: Int64, _ owner: PostgresClient) async throws {
        let statement: PostgresStatement = """
            select count(distinct l.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where not l.granted and a.datname = current_database()
            """
        while try await owner.query(statement)[0].decode(Int64.self) != sessions { await Task.yield() }
    }

    @Test(arguments: locks)
    func `who has waited too long is refused, is not stored when the lock is gone, and may come again`(
        lock: String
    ) async throws {
        try await withStore(timeout: .milliseconds(600)) { store, owner in
            let appends = try (1...8).map(append)
            try await TestDatabase.current.withOpenTransaction(lock) { _, _ in
                try await withThrowingTaskGroup { group in
                    for append in appends {
                        group.addTask { await #expect(throws: StoreTimedOut.self) { try await store.append(append) } }
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    try await group.waitForAll()
                }
                try await waitUntilBlocked(0, owner)
            }
            #expect(try await count(owner) == 1)
            for append in appends { #expect(try await !store.append(append).isRepetition) }
            #expect(try await count(owner) == 9)
        }
    }

    @Test(arguments: locks) func `who waits until the lock is gone is stored`(lock: String) async throws {
        try await withStore { store, owner in
            try await TestDatabase.current.withOpenTransaction(lock) { _, end in
                async let first = store.append(append(to: 1))
                async let second = store.append(append(to: 2))
                try await waitUntilBlocked(1, owner)
                await end()
                _ = try await (first, second)
            }
            #expect(try await count(owner) == 3)
        }
    }

    @Test func `who leaves while the batch waits for the lock is not stored, and the others are`() async throws {
        try await withStore { store, owner in
            try await TestDatabase.current.withOpenTransaction(Self.locks[0]) { _, end in
                let tasks = (1...4).map { entity in Task { try await store.append(append(to: entity)) } }
                try await waitUntilBlocked(1, owner)
                // One of them leads the batch that waits, the others may be in the queue.
                for task in [tasks[0], tasks[2]] {
                    task.cancel()
                    await #expect(throws: CancellationError.self) { try await task.value }
                }
                try await waitUntilBlocked(1, owner)
                await end()
                for task in [tasks[1], tasks[3]] { _ = try await task.value }
            }
            #expect(try await count(owner) == 3)
        }
    }

    /// The request to cancel may get lost: then the server itself gives up.
    @Test func `the server's own limit is as good`() async throws {
        try await withStore(timeout: .seconds(1), lockTimeout: .milliseconds(950)) { store, owner in
            try await TestDatabase.current.withOpenTransaction(Self.locks[0]) { _, _ in
                await #expect(throws: StoreTimedOut.self) { try await store.append(append(to: 1)) }
            }
            #expect(try await count(owner) == 1)
        }
    }

    @Test func `reads of streams are bounded as well, and go on afterwards`() async throws {
        try await withStore(timeout: .milliseconds(600)) { store, _ in
            let stream = try StreamName("tests.thing.v1-core-0")
            try await TestDatabase.current.withOpenTransaction(Self.locks[1]) { _, _ in
                try await withThrowingTaskGroup { group in
                    // More than go into the batches in flight.
                    for _ in 0..<100 {
                        group.addTask {
                            await #expect(throws: StoreTimedOut.self) {
                                try await store.read(stream, from: nil, .forwards, limit: 10)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await store.read(stream, from: nil, .forwards, limit: 10).count == 1)
        }
    }
}
