import EventSourcing
import EventSourcingPostgres
import LibPQ

/// What an administrator reaches: the projections in the read database and the log that they follow.
///
/// On the event store it acts in the administrator's role. Every error names the database that it is about.
struct Administration: Sendable {
    let databases: Databases
    let configuration: ServerConfiguration

    /// The end of the log.
    func head() async throws -> Position {
        try await databases.eventStore.explaining {
            try await PostgresEventStore($0, appended: PositionSignal()).head()
        }
    }

    /// Does something with the projections.
    func projections<Answer>(_ body: (PostgresProjectionAdministration) async throws -> Answer) async throws -> Answer {
        try await databases.readDatabase.explaining { try await body(PostgresProjectionAdministration($0)) }
    }

    /// Does something with the persistent subscriptions.
    func subscriptions<Answer>(
        _ body: (PostgresSubscriptionAdministration) async throws -> Answer
    ) async throws -> Answer {
        try await databases.eventStore.explaining { try await body(PostgresSubscriptionAdministration($0)) }
    }

    /// - Throws: ``Failure`` that names those that there are, when it is none of them.
    func projection(_ name: String) async throws -> ProjectionStatus {
        let all = try await projections { try await $0.projections() }
        guard let found = all.first(where: { $0.projection == name }) else {
            throw Failure.unknown("projection", name, known: all.map(\.projection))
        }
        return found
    }

    /// How all projections are doing, and where the log ends.
    func projectionReports() async throws -> ProjectionReports {
        let statuses = try await projections { try await $0.projections() }
        let owners = try await databases.readDatabase.explaining { try await PostgresOwnership.owners(in: $0) }
        // After the positions, so that no projection seems to be ahead of the log.
        let head = try await head()
        let byResource = Dictionary(owners.map { ($0.resource, $0) }) { first, _ in first }
        return ProjectionReports(
            head: head.rawValue,
            projections: statuses.map { ProjectionReport($0, head: head, owners: byResource) })
    }
}

extension Failure {
    /// There is nothing of this name.
    static func unknown(_ kind: String, _ name: String, known: [String]) -> Failure {
        let rest = known.isEmpty ? "there is none at all" : "there are: \(known.joined(separator: ", "))"
        return Failure(.notFound, "there is no \(kind) \"\(name)\"; \(rest)")
    }
}
