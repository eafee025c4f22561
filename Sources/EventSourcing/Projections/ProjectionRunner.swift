public import Logging
public import ServiceLifecycle

/// Feeds the log to one projection: from its checkpoint to the head, then each new event as it comes.
///
/// It stops for graceful shutdown between two batches. Whatever goes wrong is logged once, and tried again after a
/// pause that grows with the failures; the checkpoint guarantees that no event is applied twice or left out.
public struct ProjectionRunner: Service {
    private let reader: any EventReader
    private let target: any ProjectionTarget
    private let appended: PositionSignal
    private let applied: PositionSignal
    private let configuration: Configuration
    private let logger: Logger

    /// How a runner reads and waits.
    public struct Configuration: Sendable {
        /// The most events of one batch, and so of one transaction.
        public var batchSize = 500
        /// How long an event of another process can stay unnoticed.
        public var pollInterval: Duration = .milliseconds(250)
        /// The longest pause after repeated failures.
        public var longestPause: Duration = .seconds(5)

        public init() {}
    }

    /// - Parameters:
    ///   - appended: announces what this process appends.
    ///   - applied: told of every position up to which the read model has come.
    public init(
        reading reader: any EventReader, into target: any ProjectionTarget, appended: PositionSignal,
        applied: PositionSignal, configuration: Configuration = Configuration(), logger: Logger
    ) {
        self.reader = reader
        self.target = target
        self.appended = appended
        self.applied = applied
        self.configuration = configuration
        var logger = logger
        logger[metadataKey: "projection.name"] = "\(target.name)"
        self.logger = logger
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { await runUntilCancelled() }
    }

    private func runUntilCancelled() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                try await follow { failures = 0 }
            } catch is CancellationError {
                return
            } catch {
                if Task.isCancelled { return }
                failures += 1
                log(error, failures: failures)
                try? await Task.sleep(for: pause(after: failures))
            }
        }
    }

    /// Applies batch after batch, until something goes wrong.
    private func follow(afterEachBatch succeeded: () -> Void) async throws {
        var checkpoint = try await target.checkpoint()
        while true {
            applied.advance(to: checkpoint)
            try Task.checkCancellation()
            let events = try await reader.readLog(after: checkpoint, .forwards, limit: configuration.batchSize)
            guard let last = events.last else {
                succeeded()
                _ = try await appended.wait(until: checkpoint.following, atMost: configuration.pollInterval)
                continue
            }
            try await target.apply(events, from: checkpoint, to: last.position)
            checkpoint = last.position
            succeeded()
        }
    }

    private func log(_ error: any Error, failures: Int) {
        switch error {
        case is CheckpointMoved:
            logger.info("Another owner has moved the checkpoint; reading on from there")
        case is UndecodableEvent:
            logger.critical("Projection stands still", metadata: ["error": "\(error)"])
        default:
            logger.log(
                level: failures == 1 ? .error : .warning, "Projection failed and will be tried again",
                metadata: ["error": "\(error)", "failures": "\(failures)"])
        }
    }

    /// Doubles with each failure, with jitter, so that many projections do not return at the same moment.
    private func pause(after failures: Int) -> Duration {
        let doubled = Duration.milliseconds(50 << min(failures - 1, 10))
        return min(doubled, configuration.longestPause) * Double.random(in: 0.5...1)
    }
}

extension Position {
    fileprivate var following: Position { Position(rawValue + 1) }
}
