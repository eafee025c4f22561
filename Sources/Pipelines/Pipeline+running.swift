import EventSourcing
public import Logging
import ServiceLifecycle

extension Pipeline {
    /// Checks the pipeline, makes its subscriptions, and gives it as a service that is to be run.
    ///
    /// The subscriptions are there when this returns: what is appended from now on reaches all handlers and sinks, also
    /// those that another process runs.
    ///
    /// - Parameters:
    ///   - runtime: `.inMemory()`, a PostgreSQL runtime, or one's own.
    ///   - parts: what this process runs.
    /// - Throws: ``InvalidPipeline``; ``/EventSourcing/SubscriptionDiffers``; what the runtime throws.
    public func service(
        on runtime: some PipelineRuntime, running parts: Set<PipelinePart> = Set(PipelinePart.allCases),
        logger: Logger = .current
    ) async throws -> PipelineService<State, Reach> {
        try check()
        let service = try PipelineService(self, on: runtime, running: parts, logger: logger)
        for consumer in consumers {
            for subscription in try consumer.subscriptions() { try await runtime.subscriptions.register(subscription) }
        }
        return service
    }

    /// Runs the pipeline while `body` uses it, and shuts it down gracefully afterwards.
    public func run<Answer: Sendable>(
        on runtime: some PipelineRuntime, logger: Logger = .current,
        _ body: (PipelineService<State, Reach>) async throws -> Answer
    ) async throws -> Answer {
        let service = try await service(on: runtime, logger: logger)
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let answer = try await body(service)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return answer
        }
    }
}
