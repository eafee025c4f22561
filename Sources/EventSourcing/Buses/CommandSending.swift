/// Sends commands to aggregates: at once in this process, or through a queue to a worker of any process.
///
/// Both have the same result, the same errors and the same idempotency: a command whose context has a ``CommandKey`` is
/// handled once, and is answered as the first time whenever it is sent again.
public protocol CommandSending: Sendable {
    /// Sends a command and waits for its result.
    ///
    /// - Throws: ``InvalidFields`` when the command breaks a rule of its schema; ``CommandRefused`` when its aggregate
    ///   refuses it; ``CommandIDReused`` when the key belongs to another command; else errors of a store or a queue, each
    ///   with its ``ErrorCategory``.
    func send<C: AggregateCommand>(_ command: C, in context: MessageContext) async throws -> CommandResult
}
