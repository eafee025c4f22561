public import Logging
public import ServiceLifecycle

/// Forgets processed jobs when they are old, at the start and once an hour.
public struct ProcessedJobsPurge: Service {
    /// Longer than queues keep jobs, and than an event is retried.
    public static let defaultAge = Duration.seconds(30 * 86_400)

    private let processed: any ProcessedJobs
    private let age: Duration
    private let interval: Duration
    private let clock: ServiceClock
    private let logger: Logger

    /// Makes a service that forgets jobs which were processed longer than `age` ago, at every `interval`.
    public init(
        _ processed: any ProcessedJobs, olderThan age: Duration = Self.defaultAge,
        every interval: Duration = .seconds(3_600), clock: ServiceClock = .system, logger: Logger
    ) {
        self.processed = processed
        self.age = age
        self.interval = interval
        self.clock = clock
        self.logger = logger
    }

    /// A purge that fails is logged, and made up for by the next.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let count = try await processed.purge(olderThan: age)
                    if count > 0 { logger.debug("Purged processed jobs", metadata: ["count": "\(count)"]) }
                } catch  where !Task.isCancelled {
                    logger.warning("Processed jobs were not purged", metadata: ["error": "\(error)"])
                } catch {}
                try? await clock.sleep(for: interval)
            }
        }
    }
}
