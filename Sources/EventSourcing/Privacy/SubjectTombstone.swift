public import FoundationEssentials

/// What is left of a forgotten subject's key.
public struct SubjectTombstone: Hashable, Sendable {
    /// Of which tenant.
    public let tenant: TenantID
    /// Who was forgotten.
    public let subject: DataSubject
    /// Why, as the one who asked for it said.
    public let reason: String
    /// Who had the subject forgotten: a user's id, or the service that acted by itself.
    public let actor: String
    /// When the key was destroyed.
    public let destroyedAt: Date
    /// Whether the readers have been told.
    public let notice: Notice

    /// The event that tells the readers. It is settled when the key is destroyed, so that it has the effect of once
    /// however often it is appended.
    public enum Notice: Hashable, Sendable {
        /// Not known to be in the log.
        case pending(NewEvent)
        case appended(Position)
    }

    /// For implementations of ``SubjectKeyAdministration``.
    public init(
        tenant: TenantID, subject: DataSubject, reason: String, actor: String, destroyedAt: Date, notice: Notice
    ) {
        self.tenant = tenant
        self.subject = subject
        self.reason = reason
        self.actor = actor
        self.destroyedAt = destroyedAt
        self.notice = notice
    }

    /// The same with its notice in the log.
    package func noticeAppended(at position: Position) -> SubjectTombstone {
        SubjectTombstone(
            tenant: tenant, subject: subject, reason: reason, actor: actor, destroyedAt: destroyedAt,
            notice: .appended(position))
    }
}
