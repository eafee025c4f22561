import Crypto
import EventSourcing
import FoundationEssentials

/// The row that everybody writes and reads: 250 bytes of data and 300 of metadata, both JSON.
enum SampleEvent {
    static let tenant = "benchmark"
    static let type = "invoices.invoice.created.v1"
    /// One of a hundred events that ``fillOtherTypes(after:events:)`` makes.
    static let rareType = "invoices.invoice.voided.v1"
    static let data = json(#"{"customer": "ACME Ltd", "currency": "EUR", "net": 12500, "note": ""#, size: 250)
    static let metadata = json(
        #"{"correlationId": "a", "causationId": "b", "source": "benchmark", "note": ""#, size: 300)
    /// What stands before the entity id, a UUID, in the name of a stream.
    static let streamPrefix = "invoices.invoice.v1-\(tenant)-"

    // swift-format-ignore: NeverUseForceTry
    private static let names = try! (
        type: EventType(type), tenant: TenantID(tenant),
        category: StreamCategory(context: "invoices", aggregate: "invoice", schema: 1)
    )

    static func make(id: UUID) -> NewEvent {
        NewEvent(
            id: id, type: names.type, data: EventPayload(bytes: Array(data.utf8)),
            metadata: EventPayload(bytes: Array(metadata.utf8)))
    }

    /// The stream of this entity.
    static func stream(of entity: UUID) throws -> StreamName { try stream(of: entity, in: names.tenant) }

    static func stream(of entity: UUID, in tenant: TenantID) throws -> StreamName {
        try StreamName(category: names.category, tenant: tenant, entityID: entity.text)
    }

    /// The n-th stream that ``fill(events:perStream:)`` makes.
    static func stream(_ n: Int) throws -> StreamName { try stream(of: entity(n)) }

    /// The n-th entity; see ``entityID(_:)``.
    static func entity(_ n: Int) -> UUID {
        let digest = Insecure.MD5.hash(data: Array(String(n).utf8)).withUnsafeBytes { $0.load(as: uuid_t.self) }
        return UUID(uuid: digest)
    }

    /// An object whose last member is a text, as long as it takes.
    private static func json(_ start: String, size: Int) -> String {
        start + String(repeating: "x", count: size - start.utf8.count - 2) + #""}"#
    }
}

// MARK: - SQL

extension SampleEvent {
    /// The columns of an event, as every store of them needs.
    static let columns = "revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata"

    /// The values of those columns for one event of a new stream; the bytes are psql's and pgbench's variables.
    static func values(data: String, metadata: String) -> String {
        """
        0, clock_timestamp(), gen_random_uuid(), 1, '\(tenant)', '\(streamPrefix)' || gen_random_uuid(), '\(type)',
        \(data), \(metadata)
        """
    }

    /// A table as anybody would make it who keeps events in PostgreSQL: positions from a sequence, and the three indexes
    /// that it needs.
    static func table(_ name: String) -> String {
        """
        create table \(name) (
            position bigint generated always as identity primary key, revision bigint not null,
            recorded_at timestamptz not null, event_id uuid not null, schema_version integer not null,
            tenant text collate "C" not null, stream text collate "C" not null, type text collate "C" not null,
            data bytea not null, metadata bytea not null, unique (tenant, stream, revision));
        create index on \(name) (event_id);
        """
    }

    /// Fills an event store as its owner, with as many events in each stream. The n-th stream's entity id is made of n.
    static func fill(events: Int, perStream: Int) -> [String] {
        [
            """
            insert into event_store.events (position, \(columns))
            select n, (n - 1) % \(perStream), clock_timestamp(), gen_random_uuid(), 1, '\(tenant)',
                '\(streamPrefix)' || \(entityID("(n - 1) / \(perStream) + 1")), '\(type)', '\(data)', '\(metadata)'
            from generate_series(1, \(events)) n
            """, "vacuum (analyze) event_store.events", "checkpoint",
        ]
    }

    /// Adds events of other types, one to a stream, to a store that was filled.
    static func fillOtherTypes(after position: Int, events: Int) -> [String] {
        [
            """
            insert into event_store.events (position, \(columns))
            select n, 0, clock_timestamp(), gen_random_uuid(), 1, '\(tenant)', '\(streamPrefix)' || gen_random_uuid(),
                case when n % 100 = 0 then '\(rareType)' else 'invoices.invoice.sent.v1' end, '\(data)', '\(metadata)'
            from generate_series(\(position + 1), \(position + events)) n
            """, "vacuum (analyze) event_store.events", "checkpoint",
        ]
    }

    /// The entity id of the n-th stream that ``fill(events:perStream:)`` makes; scattered, as UUIDs are.
    static func entityID(_ n: String) -> String { "md5((\(n))::text)::uuid" }
}
