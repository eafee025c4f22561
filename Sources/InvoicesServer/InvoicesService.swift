import Logging
import ServiceLifecycle

/// The whole service: both databases, brought up to date, and the API on them, until graceful shutdown.
struct InvoicesService: Service {
    let configuration: ServerConfiguration
    let logger: Logger

    func run() async throws {
        do {
            try await Databases.withRunning(configuration, logger: logger) { databases in
                try await cancelWhenGracefulShutdown { try await databases.migrate(logger: logger) }
                await databases.warnOfClocks(logger: logger)
                try await serve(on: databases)
            }
        } catch is CancellationError where Task.isShuttingDownGracefully {
            logger.info("Stopped before the service had started")
        }
    }
}
