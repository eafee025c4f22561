package import EventSourcing
package import FoundationEssentials

/// What an API knows of each message that a request becomes: whose it is, what handles it, and when.
package struct MessageEdge: Sendable {
    package let tenant: TenantID
    /// What the events of a request say they come from, such as `invoices.http`.
    package let source: String
    /// Is read once for each request.
    package let now: @Sendable () -> Date

    package init(tenant: TenantID, source: String, now: @escaping @Sendable () -> Date) {
        self.tenant = tenant
        self.source = source
        self.now = now
    }
}
