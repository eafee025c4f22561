/// Keeps a key for each data subject: the port of ``PersonalDataVault``.
///
/// What every store promises, and `SubjectKeyStoreContract` checks: a subject has one key in a tenant, whichever caller is
/// first; a destroyed key never comes back and is never replaced.
public protocol SubjectKeyStore: Sendable {
    /// The key of the candidate's subject in the candidate's tenant. The candidate becomes it when there is none yet.
    ///
    /// - Throws: ``SubjectForgotten``.
    func key(orStoring candidate: SubjectKey) async throws -> SubjectKey

    /// What is known of these keys, in one look-up; a key that never existed is not in the answer.
    func keys(_ references: Set<SubjectKeyReference>) async throws -> [SubjectKeyReference: SubjectKeyState]
}

/// What an administrator may do to keys: the port of ``PersonalDataErasure``.
public protocol SubjectKeyAdministration: Sendable {
    /// Destroys the subject's key for good and leaves the tombstone in its place, in one transaction. A subject that
    /// never had a key gets a tombstone too, so that it never will.
    ///
    /// - Returns: the subject's tombstone: this one, or that of the first caller.
    func destroyKey(leaving tombstone: SubjectTombstone) async throws -> SubjectTombstone

    /// Tombstones whose notice is not known to be in the log, the oldest first.
    func pendingNotices(limit: Int) async throws -> [SubjectTombstone]

    /// Notes the notice's position in the log; nothing changes when that was noted before.
    func noticeAppended(_ tombstone: SubjectTombstone, at position: Position) async throws
}

/// A subject's key was destroyed: nothing can be sealed for the subject any more. The same person may come back under
/// another pseudonym.
public struct SubjectForgotten: Error, Hashable, Sendable, CustomStringConvertible {
    /// Who was forgotten.
    public let subject: DataSubject
    /// Of which tenant.
    public let tenant: TenantID

    /// For implementations of ``SubjectKeyStore``.
    public init(_ subject: DataSubject, in tenant: TenantID) {
        self.subject = subject
        self.tenant = tenant
    }

    /// Names the subject, and says what to do.
    public var description: String {
        "subject \(subject) of tenant \(tenant) was forgotten: no personal data can be stored under this pseudonym"
    }
}

extension SubjectForgotten: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}
