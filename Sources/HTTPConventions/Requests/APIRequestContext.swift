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
    /// Of a write that is to be carried out once. Set by ``IdempotencyMiddleware``.
    package internal(set) var idempotencyKey: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        caller = source.channel.remoteAddress?.ipAddress
    }
}
