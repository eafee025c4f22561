/// Who runs what may run only once, however many processes there are: a partition of a projection, say.
///
/// Ownership makes double work rare, never impossible: a process that was stopped for a while still believes that it
/// owns. What it writes has to be fenced where it is written, as a projection's checkpoint is by compare-and-set.
public protocol Ownership: Sendable {
    /// Waits until nobody else owns the resource, then runs `body` as its owner.
    ///
    /// The body's task is cancelled when the ownership is lost meanwhile.
    ///
    /// - Throws: ``OwnershipLost`` when it was lost; `CancellationError`; whatever the body throws.
    func own<Result: Sendable>(_ resource: String, _ body: @Sendable () async throws -> Result) async throws -> Result
}

/// Another process owns the resource now, or nobody knows who does.
public struct OwnershipLost: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is owned no longer.
    public let resource: String

    /// For implementations of ``Ownership``, which throw it out of the body.
    public init(of resource: String) {
        self.resource = resource
    }

    /// Names the resource.
    public var description: String { "the ownership of \(resource) is lost" }
}
