import Logging
import PostgresTesting
import Synchronization
import Testing

@testable import LibPQ

/// Locks of other sessions.
@Suite(.database, .timeLimit(.minutes(5))) struct LockTests {
    private let vital = PostgresVitalLocks(advisory: [42], schema: "public", includesWrites: true)

    private func withTable(
        configure: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (PostgresClient) async throws -> Void
    ) async throws {
        try await withClient {
            $0.applicationName = "shop"
            configure(&$0)
        } _: { client in
            try await client.execute("create table t (id int8 primary key)")
            try await client.execute("insert into t values (0)")
            try await body(client)
        }
    }

    @Test func `a write that waits can be interrupted, and has not happened then`() async throws {
        try await withTable { client in
            try await TestDatabase.current.withOpenTransaction("lock table t in access exclusive mode") { _, _ in
                let interruption = PostgresInterruption()
                // Nothing is under way yet.
                interruption.raise()
                let write = Task {
                    try await client.executeUninterrupted(
                        PostgresStatement("insert into t values (1)")(), unless: interruption)
                }
                while try await client.blockades(of: vital, known: [], timeout: .seconds(5)).found.isEmpty {}
                interruption.raise()
                let error = await #expect(throws: PostgresError.self) { try await write.value }
                #expect(error?.sqlState == .queryCanceled)
            }
            #expect(try await client.query("select count(*) from t")[0].decode(Int.self) == 1)
            try await client.execute("insert into t values (1)")
        }
    }

    @Test func `the server waits for a lock no longer than it is told`() async throws {
        try await withTable(configure: { $0.lockTimeout = .milliseconds(200) }) { client in
            try await TestDatabase.current.withOpenTransaction("lock table t in access exclusive mode") { _, _ in
                for _ in 0..<2 {
                    await #expect { try await client.query("select * from t") } throws: {
                        SQLState.lockNotAvailable ~= $0
                    }
                    await #expect { try await client.execute("insert into t values (1)") } throws: {
                        SQLState.lockNotAvailable ~= $0
                    }
                }
            }
            #expect(try await client.query("select count(*) from t")[0].decode(Int.self) == 1)
        }
    }

    @Test func `reads behind a lock are late, each by itself, and reads of other tables go on afterwards`() async throws
    {
        try await withTable(configure: {
            $0.lockTimeout = .seconds(1)
            $0.readTimeout = .milliseconds(700)
        }) { client in
            try await TestDatabase.current.withOpenTransaction("lock table t in access exclusive mode") { _, _ in
                await withTaskGroup { group in
                    for _ in 0..<200 {
                        group.addTask {
                            let error = await #expect(throws: PostgresError.self) {
                                try await client.query("select * from t")
                            }
                            #expect(error?.isTransient == true)
                        }
                    }
                }
                while (try? await client.query("select 1")) == nil {}
            }
            #expect(try await client.query("select count(*) from t")[0].decode(Int.self) == 1)
        }
    }

    @Test(arguments: [
        ("select pg_advisory_xact_lock(42)", "advisory lock 42"),
        ("lock table t in exclusive mode", "ExclusiveLock on t"),
        ("alter table t add column more int", "AccessExclusiveLock on t"),
    ])
    func `who holds a vital lock is found though nobody waits for it`(sql: String, lock: String) async throws {
        try await withTable { client in
            let watch = PostgresLockWatch(client, database: "shop", vital: vital, logger: Logger(label: "test"))
            #expect(try await watch.look().isEmpty)
            try await TestDatabase.current.withOpenTransaction(sql) { processID, end in
                var found: [PostgresBlockade] = []
                while found.isEmpty { found = try await watch.look() }
                #expect(found.map(\.holder.processID) == [processID])
                #expect(found[0].lock == lock)
                #expect(found[0].application == "intruder")
                #expect(found[0].state == "idle in transaction")
                #expect(found[0].duration >= .seconds(1))
                await end()
                while try await !watch.look().isEmpty {}
            }
        }
    }

    @Test func `who holds what is waited for is told once, behind all who wait themselves`() async throws {
        let logs = LineCollector()
        try await withTable(configure: { $0.lockTimeout = .milliseconds(1_500) }) { client in
            let watch = PostgresLockWatch(
                client, database: "shop", vital: vital, interval: .milliseconds(100),
                logger: Logger(label: "test") { _ in logs })
            try await withThrowingTaskGroup { group in
                group.addTask { try await watch.run() }
                try await TestDatabase.current.withOpenTransaction("select * from t for update") { processID, end in
                    for _ in 0..<2 {
                        await withTaskGroup { writers in
                            for _ in 0..<6 {
                                writers.addTask {
                                    _ = try? await client.execute("update t set id = id + 1")
                                }
                            }
                        }
                    }
                    #expect(logs.warnings.count == 1)
                    #expect(logs.warnings.first?["postgres.holder.pid"] == "\(processID)")
                    #expect(logs.warnings.first?["postgres.holder.application"] == "intruder")
                    #expect(logs.warnings.first?["postgres.holder.user"] != nil)
                    // Nobody waits now, and the row is locked all the same.
                    let found = try await watch.look()
                    #expect(found.map(\.holder.processID) == [processID])
                    #expect(found.map(\.stopsReads) == [false])
                    await end()
                    while logs.notices.isEmpty { await Task.yield() }
                }
                group.cancelAll()
            }
        }
    }
}

/// Keeps the metadata of warnings and notices.
private struct LineCollector: LogHandler {
    private final class Lines: Sendable {
        let all = Mutex<[(level: Logger.Level, metadata: Logger.Metadata)]>([])
    }

    private let lines = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    var warnings: [Logger.Metadata] { lines.all.withLock { $0.filter { $0.level == .warning }.map(\.metadata) } }
    var notices: [Logger.Metadata] { lines.all.withLock { $0.filter { $0.level == .notice }.map(\.metadata) } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let metadata = metadata.merging(event.metadata ?? [:]) { _, new in new }
        lines.all.withLock { $0.append((event.level, metadata)) }
    }
}
