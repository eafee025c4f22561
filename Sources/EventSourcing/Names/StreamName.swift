/// The name of one aggregate's stream: `<context>.<aggregate>.v<schema>-<tenant>-<entityId>`,
/// such as `invoices.invoice.v1-acme-0190…`.
public struct StreamName: Hashable, Sendable, CustomStringConvertible {
    /// Whose stream it is; part of the name.
    public let tenant: TenantID
    /// The whole name.
    public let rawValue: String

    /// - Throws: ``InvalidName`` unless the entity id is 1 to 128 ASCII letters, digits or any of `- _ . : ~`.
    public init(category: StreamCategory, tenant: TenantID, entityID: String) throws(InvalidName) {
        guard Self.isEntityID(entityID) else {
            throw InvalidName(
                kind: "entity id", value: entityID,
                rule: "use 1 to 128 ASCII letters, digits, hyphens, underscores, dots, colons or tildes")
        }
        self.init(stored: "\(category.rawValue)-\(tenant.rawValue)-\(entityID)", tenant: tenant)
    }

    /// Reads a name from its text.
    public init(_ text: String) throws(InvalidName) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
            .map(Substring.init)
        guard parts.count == 3 else {
            throw InvalidName(
                kind: "stream name", value: text, rule: "use <context>.<aggregate>.v<schema>-<tenant>-<entityId>")
        }
        try self.init(
            category: StreamCategory(String(parts[0])), tenant: TenantID(String(parts[1])), entityID: String(parts[2]))
    }

    /// A name as a store holds it: checked when it was written.
    package init(stored rawValue: String, tenant: TenantID) {
        self.rawValue = rawValue
        self.tenant = tenant
    }

    /// The category's text, `<context>.<aggregate>.v<schema>`.
    public var category: Substring { Substring(rawValue.utf8.prefix { $0 != UInt8(ascii: "-") }) }

    /// What follows category and tenant.
    public var entityID: Substring {
        Substring(rawValue.utf8.dropFirst(category.utf8.count + 1 + tenant.rawValue.utf8.count + 1))
    }

    /// The whole name.
    public var description: String { rawValue }

    /// The name tells the tenant.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

    /// Whether a stream's name can end with the text.
    static func isEntityID(_ text: String) -> Bool { text.isName(upTo: 128, where: isAllowedInEntityID) }

    private static func isAllowedInEntityID(_ byte: UInt8) -> Bool {
        if byte.isLetter || byte.isDigit { return true }
        return switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
