/// Sends commands to what they may reach, each in a span of its own and with its name in every log line.
public struct CommandBus<Reach: Sendable>: Sendable {
    private let makeReach: @Sendable (MessageContext) -> Reach

    /// - Parameter makeReach: gives a command what it may touch, bound to the context that it is sent in.
    public init(reaching makeReach: @escaping @Sendable (MessageContext) -> Reach) {
        self.makeReach = makeReach
    }

    /// Executes the command and returns its answer.
    ///
    /// - Throws: what the command throws.
    public func send<C: Command<Reach>>(_ command: C, in context: MessageContext) async throws -> C.Response {
        try await observed("command", C.name, in: context) {
            try await command.execute(in: makeReach(context))
        }
    }
}
