import Glibc
import HTTPConventions
import Logging
import ServiceLifecycle

/// The whole service: both databases, brought up to date, and the API on them, until graceful shutdown.
struct InvoicesService: Service {
    let configuration: ServerConfiguration
    let logger: Logger

    /// How long the projections and the databases' clients may take to stop, once no request is handled. Then they are
    /// cancelled, and after the same time again the process ends.
    static let shutdownMargin = Duration.seconds(5)

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await exitWhenShutdownHangs() }
            defer { group.cancelAll() }
            do {
                try await Databases.withRunning(configuration, logger: logger) { databases in
                    try await cancelWhenGracefulShutdown { try await databases.prepare(logger: logger) }
                    try await serve(on: databases)
                }
            } catch is CancellationError where Task.isShuttingDownGracefully {
                logger.info("Stopped before everything had started, or before everything had ended")
            }
        }
    }

    /// A database that does not answer must not keep the process. Whatever it was asked for is stored or not, as after a
    /// crash.
    private func exitWhenShutdownHangs() async throws {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: configuration.connections.shutdown + Self.shutdownMargin * 2)
        } catch is CancellationError {
            return
        }
        logger.critical("The service does not stop by itself; it is ended")
        exit(Failure.Kind.hanging.rawValue)
    }
}
