/// A stream of one tenant was to be changed on behalf of another.
public struct TenantMismatch: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stream that was to be read or written.
    public let stream: StreamName
    /// The tenant on whose behalf.
    public let tenant: TenantID

    package init(stream: StreamName, tenant: TenantID) {
        self.stream = stream
        self.tenant = tenant
    }

    /// Names both.
    public var description: String { "stream \(stream) does not belong to tenant \(tenant)" }
}
