public import EventSourcing
import FoundationEssentials
public import LibPQ

/// The keys of data subjects beside the events, by a client that has the role ``PostgresEventStore/serviceRole``.
public struct PostgresSubjectKeyStore: SubjectKeyStore {
    private let client: PostgresClient

    /// Takes a client of the event store's database.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/EventSourcing/SubjectKeyStore/key(orStoring:)``.
    ///
    /// - Throws: also `PostgresError`.
    public func key(orStoring candidate: SubjectKey) async throws -> SubjectKey {
        let (tenant, subject) = (candidate.tenant, candidate.subject)
        let rows = try await repeatingWhenUnknown {
            try await client.execute(
                Self.subjectKey, tenant.rawValue, subject.rawValue, candidate.id.rawValue, candidate.material)
        }
        guard let (id, material) = try rows.first?.decode(UUID?.self, [UInt8]?.self), let id, let material else {
            throw SubjectForgotten(subject, in: tenant)
        }
        return SubjectKey(id: SubjectKeyID(id), tenant: tenant, subject: subject, material: material)
    }

    /// See ``/EventSourcing/SubjectKeyStore/keys(_:)``.
    public func keys(_ references: Set<SubjectKeyReference>) async throws -> [SubjectKeyReference: SubjectKeyState] {
        let references = Array(references)
        let rows = try await client.query(
            Self.subjectKeysByID, references.map(\.tenant.rawValue), references.map(\.id.rawValue))
        let found = try rows.map { row in
            let (tenant, id, subject, material) = try row.decode(
                String.self, UUID.self, String.self, [UInt8]?.self)
            let reference = SubjectKeyReference(id: SubjectKeyID(id), tenant: TenantID(stored: tenant))
            let person = DataSubject(stored: subject)
            guard let material else { return (reference, SubjectKeyState.destroyed(person)) }
            let key = SubjectKey(id: reference.id, tenant: reference.tenant, subject: person, material: material)
            return (reference, .live(key))
        }
        return Dictionary(uniqueKeysWithValues: found)
    }

    /// $1 tenant, $2 subject, $3 candidate's id, $4 candidate's material
    private static let subjectKey = PostgresStatement("select * from event_store.subject_key($1, $2, $3, $4)")

    /// $1 tenants, $2 ids
    private static let subjectKeysByID = PostgresStatement("select * from event_store.subject_keys_by_id($1, $2)")
}

/// Runs a statement that has the effect of once however often it runs, again when the connection was lost before the
/// answer; three times at most.
func repeatingWhenUnknown<Answer>(_ statement: () async throws -> Answer) async throws -> Answer {
    var repetitionsLeft = 3
    while true {
        do { return try await statement() } catch let error as PostgresError
            where error.code == .outcomeUnknown && repetitionsLeft > 0 && !Task.isCancelled
        {
            repetitionsLeft -= 1
        }
    }
}
