import EmbeddedPostgres
import EventSourcing
import EventSourcingPostgres
import LibPQ
import PostgresTesting

/// An event store and a read database, each on a server of its own that may be killed.
struct ProjectionStage {
    let eventStore: LentCluster
    let readDatabase: LentCluster
    let events: TestDatabase
    let rows: TestDatabase
    let store: PostgresEventStore
    let rowClient: PostgresClient
    let audit: CountAudit

    static func running(_ body: (ProjectionStage) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            // What a killed server has written, the kernel has: that nobody waits for the disk changes nothing here.
            let settings = ["fsync": "off"]
            let eventStore = LentCluster(try await .start(in: "\(folder)/e", settings: settings))
            let readDatabase = LentCluster(try await .start(in: "\(folder)/r", settings: settings))
            let events = try await TestDatabase.make(in: eventStore.running)
            let rows = try await TestDatabase.make(in: readDatabase.running)
            try await events.withClient(pool: .returningSoon) { eventClient in
                try await rows.withClient(pool: .returningSoon) { rowClient in
                    try await eventClient.migrate("event_store")
                    try await CountAudit.prepare(rowClient)
                    let store = PostgresEventStore(eventClient, appended: PositionSignal())
                    try await body(
                        ProjectionStage(
                            eventStore: eventStore, readDatabase: readDatabase, events: events, rows: rows,
                            store: store, rowClient: rowClient,
                            audit: CountAudit(store: store, readDatabase: rowClient)))
                }
            }
            try await eventStore.running.stop()
            try await readDatabase.running.stop()
        }
    }

    func parkedEvents() async throws -> Int64 {
        try await rowClient.query(PostgresStatement("select count(*) from parked_events"))[0].decode(Int64.self)
    }
}

extension PostgresPoolConfiguration {
    /// For servers that are soon back: who needs one waits.
    static var returningSoon: Self {
        Self(circuitBreaker: PostgresCircuitBreaker(failureThreshold: 1_000, probeInterval: .milliseconds(200)))
    }
}
