public import EventSourcing

/// Sends the commands of one pipeline. A command of another one does not compile, or is refused by its name.
public struct PipelineCommands<Reach: Sendable>: Sendable {
    /// What executes the commands. It takes any command of this reach, also while the pipeline shuts down: for a server that
    /// ends its requests itself.
    public let bus: CommandBus<Reach>
    private let pipeline: String
    private let types: [any Command<Reach>.Type]
    private let known: Set<ObjectIdentifier>
    private let applied: AppliedPositions
    let gate: CommandGate

    init(_ bus: CommandBus<Reach>, of pipeline: String, _ types: [any Command<Reach>.Type], applied: AppliedPositions) {
        self.bus = bus
        self.pipeline = pipeline
        self.types = types
        self.applied = applied
        known = Set(types.map { ObjectIdentifier($0) })
        gate = CommandGate(pipeline)
    }

    /// Executes the command and returns its answer.
    ///
    /// - Throws: what the command throws; ``UnknownCommand``; ``PipelineStopping``.
    @discardableResult
    public func send<C: Command<Reach>>(_ command: C, in context: MessageContext) async throws -> C.Response {
        guard known.contains(ObjectIdentifier(C.self)) else {
            throw UnknownCommand(command: C.name, pipeline: pipeline, known: types.map { $0.name })
        }
        return try await gate.pass { try await bus.send(command, in: context) }
    }

    /// Executes the command, and waits until all projections of the pipeline have applied what it wrote, or the time is
    /// over. What was written is safe in either case.
    @discardableResult
    public func send<C: Command<Reach>>(
        _ command: C, in context: MessageContext, waitingUpTo timeout: Duration
    ) async throws -> CommandResult where C.Response == CommandResult {
        let result = try await send(command, in: context)
        _ = try await applied.wait(until: result.position, atMost: timeout)
        return result
    }
}

/// How far the projections of a pipeline have come, by their stored names.
struct AppliedPositions: Sendable {
    let signals: [String: PositionSignal]

    /// Waits until all of them have come to a position; tells whether they have.
    func wait(until position: Position, atMost timeout: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + timeout
        for signal in signals.values {
            guard try await signal.wait(until: position, atMost: max(.zero, deadline - .now)) else { return false }
        }
        return true
    }
}
