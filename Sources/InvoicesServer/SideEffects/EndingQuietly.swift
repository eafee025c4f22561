import Logging
import ServiceLifecycle

/// A service whose failure during graceful shutdown is logged and is not the program's: what it could not settle comes again.
struct EndingQuietly: Service {
    let service: any Service
    let logger: Logger

    func run() async throws {
        do { try await service.run() } catch  where Task.isShuttingDownGracefully {
            logger.warning("Stopped before everything was settled; it comes again", metadata: ["error": "\(error)"])
        }
    }
}
