public import EventSourcing
import FoundationEssentials
public import Testing

/// What every ``SubjectKeyStore`` and ``SubjectKeyAdministration`` have to keep, as clauses that a test target runs on
/// its own ones; see ``EventStoreContract``.
public enum SubjectKeyStoreContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (Fixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that they do otherwise.
        public func check(_ keys: some SubjectKeyStore, _ administration: some SubjectKeyAdministration) async throws {
            try await verify(Fixture(keys: keys, administration: administration))
        }
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = creation + destruction + notices
}

extension SubjectKeyStoreContract {
    /// Key stores under test, and two tenants of their own.
    struct Fixture: Sendable {
        let keys: any SubjectKeyStore
        let administration: any SubjectKeyAdministration
        let tenant: TenantID
        let otherTenant: TenantID

        init(keys: any SubjectKeyStore, administration: any SubjectKeyAdministration) throws {
            self.keys = keys
            self.administration = administration
            let unique = UUID().uuidString.filter { $0 != "-" }
            tenant = try TenantID("t\(unique)")
            otherTenant = try TenantID("o\(unique)")
        }

        func candidate(_ subject: String = "person-1", in tenant: TenantID? = nil) throws -> SubjectKey {
            var generator = SystemRandomNumberGenerator()
            return SubjectKey(
                id: SubjectKeyID(UUID()), tenant: tenant ?? self.tenant, subject: try DataSubject(subject),
                material: (0..<33).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }

        func tombstone(_ subject: String = "person-1", reason: String = "asked for it") throws -> SubjectTombstone {
            let subject = try DataSubject(subject)
            let at = Date(timeIntervalSince1970: 1_750_000_000.25)
            let event = SubjectEvent.forgotten(
                ForgottenSubject(subject: subject, reason: reason, actor: "clerk", at: at))
            let notice = try NewEvent(
                id: .v7(), type: EventType(event.name.rawValue), data: event.encode(),
                metadata: EventPayload(bytes: Array("{}".utf8)))
            return SubjectTombstone(
                tenant: tenant, subject: subject, reason: reason, actor: "clerk", destroyedAt: at,
                notice: .pending(notice))
        }

        /// The tombstones of this fixture among the pending ones.
        func pending() async throws -> [SubjectTombstone] {
            try await administration.pendingNotices(limit: 10_000).filter { $0.tenant == tenant }
        }
    }
}
