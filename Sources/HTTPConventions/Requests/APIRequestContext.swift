package import EventSourcing
package import FoundationEssentials
package import Hummingbird

/// What travels with a request besides Hummingbird's own.
package struct APIRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The request's name: the caller's `X-Request-ID`, or a generated one. Set by `RequestMiddleware`.
    package var correlationID = ""
    /// The IP address of the peer, as the connection has it; what a proxy says in `Forwarded` is not believed. Nil on a
    /// socket of another kind.
    package let caller: String?
    /// Where the request belongs in a distributed trace. Set by `RequestMiddleware`.
    package var traceparent: String?
    /// The time by which everything about the request is decided. Set by `RequestMiddleware`.
    package internal(set) var receivedAt = Date.distantPast
    /// Of a write that is to be carried out once. Set by ``IdempotencyMiddleware``.
    package internal(set) var idempotencyKey: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        caller = source.channel.remoteAddress?.ipAddress
    }
}

extension APIRequestContext {
    /// The context of a message that the request becomes.
    ///
    /// - Parameters:
    ///   - source: what its events say they come from, such as `invoices.http`.
    ///   - command: of a write that is to be carried out once.
    package func message(for tenant: TenantID, from source: String, by command: CommandKey? = nil) -> MessageContext {
        MessageContext(
            tenant: tenant, correlationID: correlationID, command: command, caller: caller, traceparent: traceparent,
            source: source, now: receivedAt)
    }
}
