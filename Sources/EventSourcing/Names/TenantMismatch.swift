/// A stream of one tenant was to be changed on behalf of another.
public struct TenantMismatch: Error, Hashable, Sendable, CustomStringConvertible {
    public let stream: StreamName
    public let tenant: TenantID

    package init(stream: StreamName, tenant: TenantID) {
        self.stream = stream
        self.tenant = tenant
    }

    public var description: String { "stream \(stream) does not belong to tenant \(tenant)" }
}
