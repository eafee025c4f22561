import EventSourcing
import EventSourcingPostgres
import Glibc
import LibPQ
import Logging

/// Works on a log until it is killed: runs two projections, or consumes a subscription.
///
/// Arguments: `project` or `consume`; then socket directory, port, user and database of the event store, and the same of
/// the database that the work is written to.
@main struct LogWorker {
    let store: PostgresEventStore
    let storeClient: PostgresClient
    let target: PostgresClient
    let logger = Logger(label: "worker") { _ in SwiftLogNoOpLogHandler() }

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 10 else { fatalError("nine arguments are needed") }
        let worker = LogWorker(events: client(Array(arguments[2..<6])), target: client(Array(arguments[6..<10])))
        try await withThrowingTaskGroup { group in
            group.addTask { try await giveSignsOfLife() }
            group.addTask { try await PostgresPositionRelay.log(of: worker.store, logger: worker.logger).run() }
            group.addTask { try await arguments[1] == "project" ? worker.project() : worker.consume() }
            try await group.waitForAll()
        }
    }

    private init(events: PostgresClient, target: PostgresClient) {
        storeClient = events
        store = PostgresEventStore(events, appended: PositionSignal())
        self.target = target
    }

    /// What the sessions of this process and its rows in `owners` are called.
    static var name: String { "worker \(getpid())" }

    private static func client(_ words: [String]) -> PostgresClient {
        guard let port = Int(words[1]) else { fatalError("\(words[1]) is no port") }
        return PostgresClient(
            PostgresConfiguration(
                hosts: [.init(words[0], port: port)], username: words[2], database: words[3],
                // A process that is stopped in a transaction blocks others no longer than this.
                idleInTransactionTimeout: .seconds(2), applicationName: name),
            // The tests' servers return soon.
            pool: PostgresPoolConfiguration(circuitBreaker: PostgresCircuitBreaker(probeInterval: .milliseconds(200))))
    }

    /// Nobody reads them when the tests are gone: then the kernel ends this process.
    private static func giveSignsOfLife() async throws {
        while true {
            _ = Glibc.write(STDOUT_FILENO, "\n", 1)
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
