public import EventSourcing
public import Logging
public import ServiceLifecycle

/// What follows the log of a pipeline by persistent subscriptions of its own: a handler, a route, a publisher, a process.
public protocol PipelineConsumer<Reach>: Sendable {
    /// What the commands of the pipeline may touch, which the consumer may send.
    associatedtype Reach: Sendable

    /// The subscriptions, which are registered before the pipeline is used: what is appended from then on is not missed.
    func subscriptions() throws -> [Subscription]

    /// The filters that it selects events by; each of them has to pass some event of the pipeline.
    var filters: [LogFilter] { get }

    /// What runs it.
    func service(on host: PipelineHost<Reach>) throws -> any Service
}

/// Where a pipeline runs, as its consumers see it.
public struct PipelineHost<Reach: Sendable>: Sendable {
    /// Where the pipeline runs.
    public let runtime: any PipelineRuntime
    /// Wakes the consumers of the pipeline for the events that they want.
    public let wakeups: SubscriptionWakeups
    /// For what a consumer changes itself: a command caused by the event in hand, see
    /// ``/EventSourcing/MessageContext/init(causedBy:command:source:now:)``.
    public let commands: CommandBus<Reach>
    /// The same for commands on one aggregate each, which are handled where the pipeline says.
    public let sender: any CommandSending
    /// Carries the name of the pipeline.
    public let logger: Logger
}

extension Pipeline {
    /// Adds anything that follows the log by a subscription of its own.
    public func adding(_ consumer: some PipelineConsumer<Reach>) -> Self { with { $0.consumers.append(consumer) } }
}

/// A consumer whose failure while it stops is logged and is not the program's: what it could not settle comes again.
package struct EndingQuietly: Service {
    package let service: any Service
    private let logger: Logger

    package init(_ service: any Service, logger: Logger) {
        self.service = service
        self.logger = logger
    }

    package func run() async throws {
        do { try await service.run() } catch  where Task.isShuttingDownGracefully {
            logger.warning("Stopped before everything was settled; it comes again", metadata: ["error": "\(error)"])
        }
    }
}
