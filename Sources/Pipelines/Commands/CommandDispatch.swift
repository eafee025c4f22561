public import EventSourcing
public import FoundationEssentials

/// Where commands are handled.
public enum CommandDispatch: Sendable {
    /// In this process, at once.
    case direct
    /// By a ``CommandWorker`` of any process that takes jobs from the queue.
    case queued(any JobQueue, QueuedCommandOptions = QueuedCommandOptions())
}

/// How commands go through a queue.
public struct QueuedCommandOptions: Sendable {
    /// Attempts, back-off and priority of the jobs. Failed jobs stay in the queue, where people see them.
    public var job: JobOptions
    /// How long the sender waits for the result.
    public var timeout: Duration = .seconds(30)
    /// How often the sender asks for the result at the least; at first it asks more often.
    public var pollInterval: Duration = .milliseconds(200)

    /// The defaults.
    public init() {
        job = JobOptions()
        job.attempts = 10
        job.backoff = .exponential(.milliseconds(200), jitter: 0.5)
        job.keepsCompleted = .age(.seconds(3_600), count: 1_000)
    }
}

/// Sends commands as a ``CommandDispatch`` says. Whether they go through a queue is configuration: results, errors and
/// idempotency are the same.
///
/// Through a queue, a command has a key in any case, a new one unless its context has one; that is what makes it handled
/// once, however often its job runs. Commands to one aggregate are handled in no certain order when the queue has several
/// workers: who needs an order waits for each result.
public struct CommandSender: CommandSending {
    /// The commands that it sends.
    public let registry: CommandRegistry
    private let dispatch: CommandDispatch
    private let makeID: @Sendable () -> String

    /// - Parameter makeID: makes the ids of jobs, and of commands without a key.
    public init(
        _ registry: CommandRegistry, by dispatch: CommandDispatch = .direct,
        makeID: @escaping @Sendable () -> String = { UUID.v7().uuidString.lowercased() }
    ) {
        self.registry = registry
        self.dispatch = dispatch
        self.makeID = makeID
    }

    /// - Throws: also ``CommandNotRegistered``; through a queue ``CommandNotAccepted`` and ``CommandResultPending``.
    @discardableResult
    public func send<C: AggregateCommand>(_ command: C, in context: MessageContext) async throws -> CommandResult {
        let registered = try registry.command(named: C.name)
        guard registered.isOfType(C.self) else {
            throw CommandNotRegistered(command: "\(C.name) of type \(C.self)", known: registry.names)
        }
        return try await send(command, as: registered, in: context)
    }

    /// Decodes a command by the schema of its name, and sends it.
    ///
    /// - Throws: ``/EventSourcing/InvalidFields`` with everything that is wrong with the JSON; else as ``send(_:in:)``.
    @discardableResult
    public func send(named name: String, json: EventPayload, in context: MessageContext) async throws -> CommandResult {
        let registered = try registry.command(named: name)
        return try await send(registered.decode(json), as: registered, in: context)
    }

    private func send(
        _ command: any Sendable, as registered: RegisteredCommand, in context: MessageContext
    ) async throws -> CommandResult {
        switch dispatch {
        case .direct: return try await registered.handle(command, in: context)
        case .queued(let queue, let options):
            let payload = try registered.encode(command)
            let key = try context.command ?? registered.key(id: makeID(), of: command)
            // The rules of the schema are looked at before the command leaves, as they are when it is handled at once.
            let checked = try registered.decode(payload)
            return try await QueuedCommand(
                command: registered, value: checked, payload: payload, key: key, context: context.with(key)
            ).send(through: queue, jobID: "command-\(makeID())", options)
        }
    }
}
