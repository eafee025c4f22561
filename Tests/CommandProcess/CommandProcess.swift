import BullMQ
import EventSourcing
import EventSourcingBullMQ
import EventSourcingPostgres
import Glibc
import LibPQ
import Logging
import Pipelines

/// Handles the commands of a queue of BullMQ until it is killed.
///
/// Arguments: socket directory, port, user and database of the event store; then the URL of Redis.
@main struct CommandProcess {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 6, let port = Int(arguments[2]) else { fatalError("five arguments are needed") }
        let logger = Logger(label: "commands") { _ in SwiftLogNoOpLogHandler() }
        let client = PostgresClient(
            PostgresConfiguration(
                hosts: [.init(arguments[1], port: port)], username: arguments[3], database: arguments[4],
                applicationName: "commands \(getpid())"))
        let redis = try RedisClient(RedisConfiguration(url: try RedisURL(arguments[5])))
        let store = PostgresEventStore(client, appended: PositionSignal())
        let commands = CommandWorker(try CommandRegistry.tests(on: store))
        try await withThrowingTaskGroup { group in
            group.addTask { try await giveSignsOfLife() }
            group.addTask {
                let queue = try BullMQQueue("commands", client: redis)
                try await JobWorker(of: queue, configuration: .shortLived, logger: logger) { job, _ in
                    try await commands.handle(job)
                }.run()
            }
            try await group.waitForAll()
        }
    }

    /// Nobody reads them when the tests are gone: then the kernel ends this process.
    private static func giveSignsOfLife() async throws {
        while true {
            _ = Glibc.write(STDOUT_FILENO, "\n", 1)
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}

extension BullMQWorkerConfiguration {
    /// For a worker that is killed often: the jobs that it had are soon another's.
    fileprivate static var shortLived: BullMQWorkerConfiguration {
        var configuration = BullMQWorkerConfiguration()
        configuration.lockDuration = .milliseconds(400)
        configuration.stalledInterval = .milliseconds(150)
        configuration.maximumStalls = 1_000
        configuration.drainDelay = .milliseconds(300)
        return configuration
    }
}
