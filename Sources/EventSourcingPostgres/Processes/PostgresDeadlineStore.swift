public import EventSourcing
public import FoundationEssentials
public import LibPQ
public import Pipelines

/// Deadlines of processes in the database of the event store, by a client that has the role
/// ``PostgresEventStore/serviceRole``.
public struct PostgresDeadlineStore: DeadlineStore {
    private let client: PostgresClient

    /// Takes a client of the event store's database.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/Pipelines/DeadlineStore/schedule(_:of:at:)``.
    public func schedule(
        _ deadlines: [ProcessDeadline], of instance: StreamName, at revision: Revision
    ) async throws {
        _ = try await repeatingWhenUnknown {
            try await client.execute(
                Self.schedule.call(naming: [
                    "tenant": instance.tenant.rawValue, "process": String(instance.category),
                    "instance": instance.rawValue, "at_revision": revision.rawValue,
                    "names": deadlines.map(\.name), "due_at": deadlines.map(\.dueAt),
                ]))
        }
    }

    /// See ``/Pipelines/DeadlineStore/claimDue(of:tenant:at:limit:until:)``.
    public func claimDue(
        of process: StreamCategory, tenant: TenantID?, at now: Date, limit: Int, until expiry: Date
    ) async throws -> [DueDeadline] {
        let rows = try await client.execute(
            Self.claim, process.rawValue, tenant?.rawValue, now, Int64(limit), expiry)
        return try rows.map { row in
            DueDeadline(
                ProcessDeadline(try row[2].decode(String.self), dueAt: try row[3].decode(Date.self)),
                of: try StreamName(row[1].decode(String.self)), attempt: Int(try row[4].decode(Int32.self)))
        }
    }

    /// See ``/Pipelines/DeadlineStore/postpone(_:until:)``.
    public func postpone(_ due: DueDeadline, until time: Date) async throws {
        _ = try await repeatingWhenUnknown {
            try await client.execute(
                Self.postpone, due.instance.tenant.rawValue, due.instance.rawValue, due.deadline.name,
                due.deadline.dueAt, time)
        }
    }

    /// See ``/Pipelines/DeadlineStore/nextDue(of:tenant:)``.
    public func nextDue(of process: StreamCategory, tenant: TenantID?) async throws -> Date? {
        try await client.query(Self.next, process.rawValue, tenant?.rawValue)[0].decode(Date?.self)
    }

    private static let schedule = PostgresStatement(
        "select event_store.schedule_deadlines(:tenant, :process, :instance, :at_revision, :names, :due_at)")

    /// $1 process, $2 tenant or null, $3 now, $4 the most to claim, $5 until when
    private static let claim = PostgresStatement("select * from event_store.claim_deadlines($1, $2, $3, $4, $5)")

    /// $1 tenant, $2 instance, $3 name, $4 due at, $5 until when
    private static let postpone = PostgresStatement("select event_store.postpone_deadline($1, $2, $3, $4, $5)")

    /// $1 process, $2 tenant or null
    private static let next = PostgresStatement("select event_store.next_deadline($1, $2)")
}
