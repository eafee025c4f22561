public import FoundationEssentials

/// A subject's key was destroyed: readers that keep something of the person are to let it go.
public struct ForgottenSubject: Codable, Hashable, Sendable {
    /// Who was forgotten.
    public let subject: DataSubject
    /// Why, as the one who asked for it said.
    public let reason: String
    /// A user's id, or the service that acted by itself.
    public let actor: String
    /// When the key was destroyed.
    public let at: Date

    /// Made by ``PersonalDataErasure``; public for tests of projections.
    public init(subject: DataSubject, reason: String, actor: String, at: Date) {
        self.subject = subject
        self.reason = reason
        self.actor = actor
        self.at = at
    }
}

/// What is announced about data subjects, in a stream for each: `privacy.subject.v1-<tenant>-<subject>`.
public enum SubjectEvent: DomainEvent, Hashable {
    case forgotten(ForgottenSubject)

    /// The stored name, which never changes.
    public enum Name: String, CaseIterable, Sendable {
        case forgotten = "privacy.subject.forgotten.v1"
    }

    /// See ``DomainEvent/name``.
    public var name: Name { .forgotten }

    /// See ``DomainEvent/encode()``.
    public func encode() throws -> EventPayload {
        switch self {
        case .forgotten(let forgotten): try EventPayload(encoding: forgotten)
        }
    }

    /// See ``DomainEvent/init(_:from:)``.
    public init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .forgotten: self = .forgotten(try payload.decode(ForgottenSubject.self))
        }
    }

    /// The stream of the events of a subject.
    public static func stream(of subject: DataSubject, in tenant: TenantID) throws(InvalidName) -> StreamName {
        try StreamName(
            category: StreamCategory(context: "privacy", aggregate: "subject", schema: 1), tenant: tenant,
            entityID: subject.rawValue)
    }
}
