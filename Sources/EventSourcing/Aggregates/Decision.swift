/// What a command came to: the events that follow from it, and what is kept for a caller that sends the command again.
///
/// A refusal that is to be remembered is a decision without events:
///
/// ```swift
/// try await accounts.transact(stream, in: context, by: command) { account in
///     do {
///         return Decision(try account.withdraw(100))
///     } catch let refusal as AccountError {
///         return Decision(keeping: try refusal.encoded())
///     }
/// }
/// ```
public struct Decision<Event: DomainEvent>: Sendable {
    /// What follows from the state, in this order; none when there is nothing to write.
    public let events: [Event]
    /// See ``Append/outcome``.
    public let outcome: [UInt8]?

    /// - Parameters:
    ///   - events: none when nothing is to be written.
    ///   - outcome: any bytes; what ``Transacted/commandOutcome`` is, now and whenever the command comes again.
    public init(_ events: [Event] = [], keeping outcome: [UInt8]? = nil) {
        self.events = events
        self.outcome = outcome
    }
}
