public import EventSourcing

/// Sends the commands of one pipeline, at once or through a queue, as the pipeline says; see
/// ``Pipeline/commands(dispatched:workedBy:)``. A command that the pipeline does not have is refused by its name.
public struct PipelineCommands<Reach: Sendable>: CommandSending {
    /// What executes the commands in this process. It takes any command of this reach, also while the pipeline shuts down: for
    /// a server that ends its requests itself.
    public let bus: CommandBus<Reach>
    /// As ``bus`` for commands on one aggregate each, which it dispatches as the pipeline says.
    let sender: CommandSender
    private let types: [any Command<Reach>.Type]
    private let applied: AppliedPositions
    let gate: CommandGate

    init(
        _ sender: CommandSender, _ bus: CommandBus<Reach>, of pipeline: String, _ types: [any Command<Reach>.Type],
        applied: AppliedPositions
    ) {
        self.sender = sender
        self.bus = bus
        self.types = types
        self.applied = applied
        gate = CommandGate(pipeline)
    }

    /// The commands that ``send(_:in:)`` takes, with their schemas.
    public var registry: CommandRegistry { sender.registry }

    /// Sends a command on one aggregate, and waits for its result.
    ///
    /// - Throws: as ``CommandSender/send(_:in:)``; ``PipelineStopping``.
    @discardableResult
    public func send<C: AggregateCommand>(_ command: C, in context: MessageContext) async throws -> CommandResult {
        try await gate.pass { try await sender.send(command, in: context) }
    }

    /// Sends a command on one aggregate by its name, decoded from JSON by its schema.
    ///
    /// - Throws: as ``CommandSender/send(named:json:in:)``; ``PipelineStopping``.
    @discardableResult
    public func send(named name: String, json: EventPayload, in context: MessageContext) async throws -> CommandResult {
        try await gate.pass { try await sender.send(named: name, json: json, in: context) }
    }

    /// Sends the command, and waits until all projections of the pipeline have applied what it wrote, or the time is
    /// over. What was written is safe in either case.
    @discardableResult
    public func send<C: AggregateCommand>(
        _ command: C, in context: MessageContext, waitingUpTo timeout: Duration
    ) async throws -> CommandResult {
        let result = try await send(command, in: context)
        _ = try await applied.wait(until: result.position, atMost: timeout)
        return result
    }

    /// Executes a command with what it may touch, in this process and at once, and returns its answer.
    ///
    /// - Throws: what the command throws; ``CommandNotRegistered``; ``PipelineStopping``.
    @discardableResult
    public func execute<C: Command<Reach>>(_ command: C, in context: MessageContext) async throws -> C.Response {
        guard types.contains(where: { $0 == C.self }) else {
            throw CommandNotRegistered(command: C.name, known: types.map { $0.name }.sorted())
        }
        return try await gate.pass { try await bus.send(command, in: context) }
    }
}

/// How far the projections of a pipeline have come, by their stored names.
struct AppliedPositions: Sendable {
    let signals: [String: PositionSignal]

    /// Waits until all of them have reached a position; returns whether they have.
    func wait(until position: Position, atMost timeout: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + timeout
        for signal in signals.values {
            guard try await signal.wait(until: position, atMost: max(.zero, deadline - .now)) else { return false }
        }
        return true
    }
}
