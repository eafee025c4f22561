public import FoundationEssentials

/// Names a key for ever, also when it is destroyed.
public struct SubjectKeyID: Hashable, Sendable, CustomStringConvertible {
    /// The id, as it is stored in sealed data.
    public let rawValue: UUID

    /// Takes an id that was stored.
    public init(_ rawValue: UUID) { self.rawValue = rawValue }

    /// The id in lower case.
    public var description: String { rawValue.text }
}

/// The key of one subject in one tenant, as a ``SubjectKeyStore`` keeps it.
public struct SubjectKey: Hashable, Sendable {
    /// Names the key in what it seals.
    public let id: SubjectKeyID
    /// Whose key it is.
    public let tenant: TenantID
    /// The person whose data it seals.
    public let subject: DataSubject
    /// Opaque to a store: the key's bytes, or these encrypted under a ``KeyEncryptionKey``.
    public let material: [UInt8]

    /// For implementations of ``SubjectKeyStore``; `material` is 32 bytes, or more when it is wrapped.
    public init(id: SubjectKeyID, tenant: TenantID, subject: DataSubject, material: [UInt8]) {
        self.id = id
        self.tenant = tenant
        self.subject = subject
        self.material = material
    }

    /// What a store finds it by.
    public var reference: SubjectKeyReference { SubjectKeyReference(id: id, tenant: tenant) }
}

/// Never shows the material.
extension SubjectKey: CustomStringConvertible, CustomReflectable {
    /// Never the material.
    public var description: String { "key \(id) of subject \(subject) in tenant \(tenant)" }
    /// Without the material, which does not show in a dump.
    public var customMirror: Mirror { Mirror(self, children: ["id": id, "tenant": tenant, "subject": subject]) }
}

/// Which key sealed something.
public struct SubjectKeyReference: Hashable, Sendable {
    /// Which key.
    public let id: SubjectKeyID
    /// Of which tenant.
    public let tenant: TenantID

    /// Refers to a key.
    public init(id: SubjectKeyID, tenant: TenantID) {
        self.id = id
        self.tenant = tenant
    }
}

/// What a store knows of a key.
public enum SubjectKeyState: Hashable, Sendable {
    case live(SubjectKey)
    /// The subject was forgotten and the key destroyed.
    case destroyed(DataSubject)
}
