import ArgumentParser
import Configuration
import InvoicesApplication
import Logging
import ServiceLifecycle
import UnixSignals

/// `invoices worker`
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Do the jobs of a queue until SIGTERM or SIGINT.",
        discussion: """
            Settings are those of the service: the environment and the file .env. The jobs come from Redis (REDIS_URL, or the \
            private Redis of a service that runs in this folder); the events are read from the event store. Several \
            workers share the jobs of a queue. After SIGTERM a worker takes no more, and ends when those in hand are done.

            Exit codes: 0 stopped, 64 wrong use, 65 wrong schema, 69 Redis or a database not available, 78 wrong setting.
            """)

    @Option(help: "The queue: notification.")
    var queue: String

    @Option(help: "The most jobs at a time, 1 to 1000.")
    var concurrency = 10

    @Option(help: "trace, debug, info, notice, warning, error or critical (LOG_LEVEL).")
    var logLevel: String?

    @Option(help: "Where the private servers live (DATA_DIRECTORY).")
    var dataDirectory: String?

    func validate() throws {
        guard queue == InvoiceNotifications.queueName else {
            throw ValidationError(
                "there is no worker for the queue \"\(queue)\": use \(InvoiceNotifications.queueName)")
        }
        guard (1...1_000).contains(concurrency) else { throw ValidationError("--concurrency is from 1 to 1000") }
    }

    func run() async throws {
        try await reportingFailures {
            let configuration = try await ServerConfiguration.read([
                "log.level": logLevel, "data.directory": dataDirectory,
            ])
            let logger = configuration.makeLogger()
            try await withLogger(logger) { logger in
                let worker = NotificationWorker(
                    configuration: configuration, concurrency: concurrency, logger: logger)
                try await ServiceGroup(
                    services: [worker], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
                ).run()
            }
        }
    }
}
