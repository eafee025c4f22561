/// Snapshots whose personal data is sealed, over any other store of them. Beside a ``SealingEventStore``, so that what is
/// forgotten in the events does not live on in a snapshot.
public struct SealingSnapshotStore<Base: SnapshotStore>: SnapshotStore {
    /// The store that holds what is sealed.
    public let base: Base
    private let vault: PersonalDataVault

    /// Wraps a store of snapshots; use the vault of the event store.
    public init(_ base: Base, vault: PersonalDataVault) {
        self.base = base
        self.vault = vault
    }

    /// See ``SnapshotStore/latest(of:)``; nil also when what is sealed in the snapshot does not open.
    public func latest(of stream: StreamName) async throws -> Snapshot? {
        guard let snapshot = try await base.latest(of: stream) else { return nil }
        // A damaged one goes on to who loads it, and is refused there.
        guard snapshot.isIntact else { return snapshot }
        do {
            return snapshot.replacing(state: try await vault.open(snapshot.state, for: snapshot.binding))
        } catch is BrokenSeal {
            return nil
        }
    }

    /// See ``SnapshotStore/save(_:)``.
    ///
    /// - Throws: also what ``PersonalDataVault/seal(_:for:)`` throws; nothing is saved then.
    public func save(_ snapshot: Snapshot) async throws {
        let state = try await vault.seal(snapshot.state, for: snapshot.binding)
        try await base.save(snapshot.replacing(state: state))
    }

    /// See ``SnapshotStore/delete(of:)``.
    public func delete(of stream: StreamName) async throws { try await base.delete(of: stream) }
}

extension Snapshot {
    fileprivate var binding: SealBinding { SealBinding("\(name) schema \(schema) at \(revision)", in: stream.tenant) }

    /// The same with another state, and a checksum over that.
    fileprivate func replacing(state: EventPayload) -> Snapshot {
        guard state != self.state else { return self }
        return Snapshot(
            stream: stream, schema: schema, revision: revision, position: position, eventID: eventID, state: state,
            takenAt: takenAt)
    }
}
