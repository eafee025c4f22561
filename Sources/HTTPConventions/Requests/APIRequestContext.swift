package import Hummingbird

/// What travels with a request besides Hummingbird's own.
package struct APIRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The request's name: the caller's `X-Request-ID`, or a generated one. Set by `RequestMiddleware`.
    package var correlationID = ""
    /// Of a write that is to be carried out once. Set by ``IdempotencyMiddleware``.
    var idempotencyKey: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
