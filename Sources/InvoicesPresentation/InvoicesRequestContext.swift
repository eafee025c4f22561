package import Hummingbird

/// What travels with a request besides Hummingbird's own.
package struct InvoicesRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The request's name: the caller's `X-Request-ID`, or one that was made up. Set by ``RequestIDMiddleware``.
    var correlationID = ""

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
