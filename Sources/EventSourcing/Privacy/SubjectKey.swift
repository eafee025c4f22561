public import FoundationEssentials

/// Names a key for ever, also when it is destroyed.
public struct SubjectKeyID: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UUID

    public init(_ rawValue: UUID) { self.rawValue = rawValue }

    public var description: String { rawValue.text }
}

/// The key of one subject in one tenant, as a ``SubjectKeyStore`` keeps it.
public struct SubjectKey: Hashable, Sendable {
    public let id: SubjectKeyID
    public let tenant: TenantID
    public let subject: DataSubject
    /// Opaque to a store: the key's bytes, or these encrypted under a ``KeyEncryptionKey``.
    public let material: [UInt8]

    public init(id: SubjectKeyID, tenant: TenantID, subject: DataSubject, material: [UInt8]) {
        self.id = id
        self.tenant = tenant
        self.subject = subject
        self.material = material
    }

    public var reference: SubjectKeyReference { SubjectKeyReference(id: id, tenant: tenant) }
}

/// Never shows the material.
extension SubjectKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "key \(id) of subject \(subject) in tenant \(tenant)" }
    public var customMirror: Mirror { Mirror(self, children: ["id": id, "tenant": tenant, "subject": subject]) }
}

/// Which key sealed something.
public struct SubjectKeyReference: Hashable, Sendable {
    public let id: SubjectKeyID
    public let tenant: TenantID

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
