import EventSourcing
import EventSourcingPostgres
import LibPQ
import Logging
import Pipelines
import PostgresTesting

/// What the pipelines of a test run on.
enum TestRuntime: CaseIterable {
    case memory
    case postgres

    /// Runs `body` on a runtime of its own.
    func use(
        clock: ServiceClock = .system, _ body: (any PipelineRuntime) async throws -> Void
    ) async throws {
        switch self {
        case .memory: try await body(.inMemory(clock: clock))
        case .postgres:
            try await withDatabase(migrations: "event_store") { eventStore in
                let rows = try await TestDatabase.make()
                try await rows.withClient { readDatabase in
                    try await readDatabase.migrate("read_db")
                    try await body(
                        .postgres(
                            eventStore: eventStore, readDatabase: readDatabase, process: "tests", clock: clock))
                }
                try await rows.drop()
            }
        }
    }

    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}
