import EventSourcing
import FoundationEssentials
package import Hummingbird

/// What travels with a request besides Hummingbird's own.
package struct InvoicesRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The request's name: the caller's `X-Request-ID`, or one that was made up. Set by ``RequestIDMiddleware``.
    var correlationID = ""
    /// Of a write that is to be carried out once. Set by ``IdempotencyMiddleware``.
    var command: CommandKey?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }

    /// What goes with the command or the query that the request is made into.
    func message(for tenant: TenantID, at now: Date) -> MessageContext {
        MessageContext(
            tenant: tenant, correlationID: correlationID, command: command, source: "invoices.http", now: now)
    }
}
