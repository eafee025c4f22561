import Synchronization

/// Subject keys in memory, for tests and demonstrations. They keep every promise of their ports but durability.
public final class InMemorySubjectKeyStore: SubjectKeyStore, SubjectKeyAdministration {
    private struct Person: Hashable {
        let tenant: TenantID
        let subject: DataSubject
    }

    private struct State {
        var keys: [Person: SubjectKey] = [:]
        var tombstones: [Person: SubjectTombstone] = [:]
        /// Whose key an id is or was.
        var people: [SubjectKeyReference: Person] = [:]
    }

    private let state = Mutex(State())

    /// A store without keys.
    public init() {}

    /// See ``SubjectKeyStore/key(orStoring:)``.
    public func key(orStoring candidate: SubjectKey) async throws -> SubjectKey {
        let person = Person(tenant: candidate.tenant, subject: candidate.subject)
        return try state.withLock { state in
            if let known = state.keys[person] { return known }
            guard state.tombstones[person] == nil else {
                throw SubjectForgotten(candidate.subject, in: candidate.tenant)
            }
            state.keys[person] = candidate
            state.people[candidate.reference] = person
            return candidate
        }
    }

    /// See ``SubjectKeyStore/keys(_:)``.
    public func keys(_ references: Set<SubjectKeyReference>) async throws -> [SubjectKeyReference: SubjectKeyState] {
        state.withLock { state in
            var found: [SubjectKeyReference: SubjectKeyState] = [:]
            for reference in references {
                guard let person = state.people[reference] else { continue }
                found[reference] = state.keys[person].map(SubjectKeyState.live) ?? .destroyed(person.subject)
            }
            return found
        }
    }

    /// See ``SubjectKeyAdministration/destroyKey(leaving:)``.
    public func destroyKey(leaving tombstone: SubjectTombstone) async throws -> SubjectTombstone {
        let person = Person(tenant: tombstone.tenant, subject: tombstone.subject)
        return state.withLock { state in
            if let first = state.tombstones[person] { return first }
            state.keys[person] = nil
            state.tombstones[person] = tombstone
            return tombstone
        }
    }

    /// See ``SubjectKeyAdministration/pendingNotices(limit:)``.
    public func pendingNotices(limit: Int) async throws -> [SubjectTombstone] {
        state.withLock { state in
            let pending = state.tombstones.values.filter {
                if case .pending = $0.notice { true } else { false }
            }
            return Array(pending.sorted { $0.destroyedAt < $1.destroyedAt }.prefix(limit))
        }
    }

    /// See ``SubjectKeyAdministration/noticeAppended(_:at:)``.
    public func noticeAppended(_ tombstone: SubjectTombstone, at position: Position) async throws {
        let person = Person(tenant: tombstone.tenant, subject: tombstone.subject)
        state.withLock { state in
            guard let known = state.tombstones[person], case .pending = known.notice else { return }
            state.tombstones[person] = known.noticeAppended(at: position)
        }
    }
}
