/// The name of a row of gapless numbers within a tenant, such as `invoices.INV-2026`: the store gives its events the
/// numbers 1, 2, 3 and so on, in the order of their positions; see ``DomainEvent/sequence``.
public struct SequenceName: Hashable, Sendable, CustomStringConvertible {
    /// The name, as it is stored.
    public let rawValue: String

    /// - Throws: ``InvalidName`` unless the text is 1 to 128 ASCII letters, digits, dots, hyphens or underscores.
    public init(_ text: String) throws(InvalidName) {
        rawValue = try text.identifier(as: "sequence name")
    }

    /// The name, as it is stored.
    public var description: String { rawValue }
}
