import FoundationEssentials

/// Forgets people: destroys the key of a subject, and tells the readers by an event.
///
/// The key goes first, together with a note that the event is still to be appended. So no event can say that a subject
/// was forgotten whose key is alive, and after a crash in between ``resumePendingNotices()`` appends what is missing.
public struct PersonalDataErasure: Sendable {
    private let vault: PersonalDataVault
    private let keys: any SubjectKeyAdministration
    private let store: any EventStore

    /// - Parameters:
    ///   - vault: the one that the stores of this process read with; it drops a destroyed key at once.
    ///   - store: where the readers are told, ``SubjectEvent``.
    public init(_ vault: PersonalDataVault, keys: some SubjectKeyAdministration, store: some EventStore) {
        self.vault = vault
        self.keys = keys
        self.store = store
    }

    /// Makes everything that is sealed for the subject unreadable for good, in events, snapshots and backups of them.
    ///
    /// A subject that was forgotten before stays so: the answer is the first outcome, and a notice that is still pending
    /// is appended now. When appending fails, the key is destroyed all the same and the notice pending.
    ///
    /// - Parameter context: on whose behalf, and of which tenant.
    /// - Returns: the tombstone, with the position of the notice.
    public func forget(
        _ subject: DataSubject, reason: String, in context: MessageContext
    ) async throws -> SubjectTombstone {
        let actor = context.user?.id ?? context.source
        let event = SubjectEvent.forgotten(
            ForgottenSubject(subject: subject, reason: reason, actor: actor, at: context.now))
        let notice = try NewEvent(event, id: .v7(at: context.now), metadata: context.eventMetadata())
        let tombstone = SubjectTombstone(
            tenant: context.tenant, subject: subject, reason: reason, actor: actor, destroyedAt: context.now,
            notice: .pending(notice))
        // Also when the answer is lost: the key may be destroyed.
        defer { vault.drop(subject, in: context.tenant) }
        let settled = try await keys.destroyKey(leaving: tombstone)
        vault.drop(subject, in: context.tenant)
        return try await announce(settled)
    }

    /// Appends the notices that a crash or an outage has kept back, of all tenants. Run it when the service starts.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func resumePendingNotices() async throws -> Int {
        var count = 0
        while true {
            let pending = try await keys.pendingNotices(limit: 100)
            guard !pending.isEmpty else { return count }
            for tombstone in pending { _ = try await announce(tombstone) }
            count += pending.count
        }
    }

    /// Appends the notice if it is pending. Its id was settled with the tombstone: several who do this have the effect
    /// of one.
    private func announce(_ tombstone: SubjectTombstone) async throws -> SubjectTombstone {
        guard case .pending(let notice) = tombstone.notice else { return tombstone }
        let stream = try SubjectEvent.stream(of: tombstone.subject, in: tombstone.tenant)
        let commit = try await store.append([notice], to: stream, expecting: .any)
        try await keys.noticeAppended(tombstone, at: commit.position)
        return tombstone.noticeAppended(at: commit.position)
    }
}
