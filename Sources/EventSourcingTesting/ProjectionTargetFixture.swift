import EventSourcing
import FoundationEssentials

/// A target under test that has applied nothing yet, and makers of events and commits.
struct ProjectionTargetFixture: Sendable {
    let target: any ProjectionTarget
    let administration: any ProjectionAdministration
    let row: @Sendable (String) async throws -> Int64?
    let tenant: TenantID
    let incarnation = UUID.v7()

    var name: String { target.name }
    /// As many partitions as a target under test has at first.
    var one: Partitioning { Partitioning(1) }

    func stream(_ entityID: String) throws -> StreamName {
        try StreamName(
            category: StreamCategory(context: "contract", aggregate: "thing", schema: 1), tenant: tenant,
            entityID: entityID)
    }

    /// The event at a position; its revision is the first where the stream begins with it.
    func event(
        _ position: Int64, in entityID: String, _ data: String, revision: Int64 = 1,
        type: String = ContractEvent.Name.happened.rawValue
    ) throws -> RecordedEvent {
        RecordedEvent(
            position: Position(position), stream: try stream(entityID), revision: Revision(revision), id: .v7(),
            type: try EventType(type), data: EventPayload(bytes: Array(data.utf8)),
            metadata: EventPayload(bytes: Array("{}".utf8)), recordedAt: Date(timeIntervalSince1970: 1_800_000_000))
    }

    /// An event that adds to the total of its stream.
    func adding(_ n: Int64, at position: Int64, in entityID: String, revision: Int64 = 1) throws -> RecordedEvent {
        try event(position, in: entityID, #"{"n":\#(n)}"#, revision: revision)
    }

    func checkpoint(_ position: Int64, _ event: UUID? = nil) -> Checkpoint {
        Checkpoint(incarnation: incarnation, position: Position(position), eventID: event ?? .v7())
    }

    /// A commit that applies events, up to the last of them.
    func commit(
        _ events: [RecordedEvent], at version: Int64, in partition: Int = 0, upTo position: Int64? = nil,
        _ change: (inout ProjectionCommit) -> Void = { _ in }
    ) -> ProjectionCommit {
        var commit = ProjectionCommit(
            partition: partition, version: version, nextVersion: version + 1,
            checkpoint: checkpoint(position ?? events.last?.position.rawValue ?? 0, events.last?.id), applied: events)
        change(&commit)
        return commit
    }

    /// Applies events as an owner does that has just loaded the partition.
    func apply(_ events: [RecordedEvent], _ change: (inout ProjectionCommit) -> Void = { _ in }) async throws {
        let version = try await target.load(0, of: one).version
        try await target.commit(commit(events, at: version, change))
    }

    /// Parks the events of a stream: the first for a reason, the others behind it.
    func park(_ events: [RecordedEvent], reason: String = "broken") async throws {
        let version = try await target.load(0, of: one).version
        try await target.commit(
            commit([], at: version, upTo: events.last?.position.rawValue) { commit in
                commit.parked = events.enumerated().map { ParkedEvent($1, reason: $0 == 0 ? reason : nil) }
            })
    }

    func total(_ entityID: String) async throws -> Int64? { try await row(stream(entityID).rawValue) }

    func parked() async throws -> [ParkedEventStatus] {
        try await administration.parkedEvents(of: name, after: .start, limit: 100)
    }

    func status() async throws -> ProjectionStatus? {
        try await administration.projections().first { $0.projection == name }
    }
}
