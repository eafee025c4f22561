public import EventSourcing
import ServiceLifecycle

/// A process manager of a pipeline.
struct ProcessConsumer<Manager: ProcessManager, Reach: Sendable>: PipelineConsumer {
    typealias Send = @Sendable (Manager.Command, MessageContext, CommandBus<Reach>) async throws -> Void

    let manager: Manager
    let send: Send

    var filters: [LogFilter] { [manager.filter] }

    func subscriptions() throws -> [Subscription] { [try ProcessRunner.subscription(of: manager)] }

    func service(on host: PipelineHost<Reach>) throws -> any Service {
        let (runtime, commands) = (host.runtime, host.commands)
        return try ProcessRunner(
            manager, on: runtime.events, subscriptions: runtime.subscriptions, deadlines: runtime.deadlines,
            appended: runtime.appended, wakeups: host.wakeups, clock: runtime.clock, logger: host.logger
        ) { [send] command, context in try await send(command, context, commands) }
    }
}

extension Pipeline {
    /// Adds a process manager, which begins with the first event of the log. Its commands are commands of this pipeline.
    public func processManager<Manager: ProcessManager>(_ manager: Manager) -> Self
    where Manager.Command: EventSourcing.Command<Reach> {
        adding(
            ProcessConsumer<Manager, Reach>(manager: manager) { command, context, commands in
                _ = try await commands.send(command, in: context)
            })
    }

    /// Adds a process manager whose commands go elsewhere, or are of several kinds.
    ///
    /// - Parameter send: sends a command. The context has a ``/EventSourcing/CommandKey``: the same command may be sent again,
    ///   and has to have the effect of once. The bus is that of this pipeline.
    public func processManager<Manager: ProcessManager>(
        _ manager: Manager,
        sending send: @escaping @Sendable (Manager.Command, MessageContext, CommandBus<Reach>) async throws -> Void
    ) -> Self {
        adding(ProcessConsumer<Manager, Reach>(manager: manager, send: send))
    }
}
