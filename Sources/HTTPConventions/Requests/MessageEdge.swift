package import EventSourcing
package import FoundationEssentials

/// What an API knows of each message that a request becomes: whose it is, what handles it, and when.
package struct MessageEdge: Sendable {
    package let tenant: TenantID
    /// What the events of a request say they come from, such as `invoices.http`.
    package let source: String
    package let now: @Sendable () -> Date

    package init(tenant: TenantID, source: String, now: @escaping @Sendable () -> Date) {
        self.tenant = tenant
        self.source = source
        self.now = now
    }

    /// The context of the message that a request becomes.
    ///
    /// - Parameter command: of a write that is to be carried out once.
    package func message(of request: APIRequestContext, by command: CommandKey? = nil) -> MessageContext {
        MessageContext(
            tenant: tenant, correlationID: request.correlationID, command: command, caller: request.caller,
            traceparent: request.traceparent, source: source, now: now())
    }
}
