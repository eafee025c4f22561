public import Logging
public import ServiceLifecycle

/// A service that runs in one process at a time, however many processes have it: the others wait for their turn.
///
/// When the ownership is lost, the service is cancelled and waits for its next turn; so it has to be one that can be
/// run again.
public struct OwnedService<Owned: Service>: Service {
    private let resource: String
    private let ownership: any Ownership
    private let service: Owned
    private let logger: Logger

    /// - Parameter resource: what the processes compete for; the same name in each of them.
    public init(_ service: Owned, as resource: String, by ownership: any Ownership, logger: Logger) {
        self.service = service
        self.resource = resource
        self.ownership = ownership
        var logger = logger
        logger[metadataKey: "ownership.resource"] = "\(resource)"
        self.logger = logger
    }

    public func run() async throws {
        while !Task.isShuttingDownGracefully {
            do {
                return try await ownership.own(resource) {
                    logger.info("Owning it now")
                    try await service.run()
                }
            } catch is OwnershipLost {
                logger.warning("Another process may own it now; waiting for the next turn")
            } catch is CancellationError {
                return
            }
        }
    }
}
