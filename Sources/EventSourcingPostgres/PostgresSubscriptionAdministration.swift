public import EventSourcing
import FoundationEssentials
public import LibPQ

/// The administration of persistent subscriptions and of the outboxes that are views of them, by a client that has the role
/// ``PostgresEventStoreAdministration/role``.
public struct PostgresSubscriptionAdministration: OutboxAdministration {
    private let client: PostgresClient

    /// Takes a client of the event store's database.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/EventSourcing/SubscriptionAdministration/subscriptions()``.
    public func subscriptions() async throws -> [SubscriptionInfo] {
        try await client.query(Self.info, String?.none, String?.none).map(SubscriptionInfo.init)
    }

    /// See ``/EventSourcing/SubscriptionAdministration/info(_:)``.
    public func info(_ id: SubscriptionID) async throws -> SubscriptionInfo {
        let rows = try await client.query(Self.info, id.tenantColumn as String?, id.name as String?)
        guard let row = rows.first else { throw SubscriptionNotFound(id) }
        return try SubscriptionInfo(row)
    }

    /// See ``/EventSourcing/SubscriptionAdministration/parked(in:after:limit:)``.
    public func parked(in id: SubscriptionID, after position: Position, limit: Int) async throws -> [ParkedMessage] {
        let rows = try await client.query(
            Self.parked, id.tenantColumn, id.name, position.rawValue, Int64(limit))
        if rows.isEmpty { _ = try await info(id) }
        return try rows.map { row in
            let state: ParkedMessage.State =
                switch try row[11].decode(String.self) {
                case "parked":
                    .parked(
                        attempts: Int(try row[12].decode(Int32.self)), reason: try row[13].decode(String.self),
                        at: try row[14].decode(Date.self))
                case "waits": .waits
                default: .returns
                }
            return ParkedMessage(event: try RecordedEvent(row), state: state)
        }
    }

    /// See ``/EventSourcing/SubscriptionAdministration/replay(_:in:)``.
    public func replay(_ selection: ParkedSelection, in id: SubscriptionID) async throws -> Int {
        try await count(Self.replay, selection, in: id)
    }

    /// See ``/EventSourcing/SubscriptionAdministration/skip(_:in:)``.
    public func skip(_ selection: ParkedSelection, in id: SubscriptionID) async throws -> Int {
        try await count(Self.skip, selection, in: id)
    }

    /// See ``/EventSourcing/SubscriptionAdministration/stop(_:reason:)``.
    public func stop(_ id: SubscriptionID, reason: String) async throws {
        try await require(client.execute(Self.stop, id.tenantColumn, id.name, reason as String?), id)
    }

    /// See ``/EventSourcing/SubscriptionAdministration/resume(_:)``.
    public func resume(_ id: SubscriptionID) async throws {
        try await require(client.execute(Self.stop, id.tenantColumn, id.name, String?.none), id)
    }

    /// See ``/EventSourcing/SubscriptionAdministration/reset(_:to:)``.
    public func reset(_ id: SubscriptionID, to start: SubscriptionStart) async throws -> Position {
        let rows = try await client.execute(Self.reset, id.tenantColumn, id.name, start.positionColumn)
        guard let position = try rows.first?.decode(Int64?.self) else { throw SubscriptionNotFound(id) }
        return Position(position)
    }

    /// See ``/EventSourcing/SubscriptionAdministration/remove(_:)``.
    public func remove(_ id: SubscriptionID) async throws {
        try await require(client.execute(Self.remove, id.tenantColumn, id.name), id)
    }

    /// See ``/EventSourcing/OutboxAdministration/records(_:of:after:limit:)``.
    public func records(
        _ status: OutboxStatus, of id: SubscriptionID, after position: Position, limit: Int
    ) async throws -> [OutboxRecord] {
        let rows = try await client.query(
            Self.records, id.tenantColumn, id.name, status.rawValue, position.rawValue, Int64(limit))
        if rows.isEmpty { _ = try await info(id) }
        return try rows.map { row in
            OutboxRecord(
                try RecordedEvent(row), status, attempts: Int(try row[11].decode(Int32.self)),
                updatedAt: try row[12].decode(Date.self), lastError: try row[13].decode(String?.self))
        }
    }

    private func count(
        _ statement: PostgresStatement, _ selection: ParkedSelection, in id: SubscriptionID
    ) async throws -> Int {
        let (stream, position): (String?, Int64?) =
            switch selection {
            case .all: (nil, nil)
            case .stream(let stream): (stream.rawValue, nil)
            case .message(let position): (nil, position.rawValue)
            }
        let rows = try await client.execute(statement, id.tenantColumn, id.name, stream, position)
        guard let count = try rows.first?.decode(Int64?.self) else { throw SubscriptionNotFound(id) }
        return Int(count)
    }

    private func require(_ rows: PostgresRows, _ id: SubscriptionID) throws {
        guard try rows.first?.decode(Bool.self) == true else { throw SubscriptionNotFound(id) }
    }

    /// $1 tenant or '', $2 name; null for all groups
    private static let info = PostgresStatement("select * from event_store.subscription_info($1, $2)")

    /// $1 tenant or '', $2 name, $3 position before the first, $4 limit
    private static let parked = PostgresStatement(
        "select * from event_store.parked_subscription_messages($1, $2, $3, $4)")

    /// $1 tenant or '', $2 name, $3 status, $4 position before the first, $5 limit
    private static let records = PostgresStatement("select * from event_store.outbox_records($1, $2, $3, $4, $5)")

    /// $1 tenant or '', $2 name, $3 stream or null, $4 position or null
    private static let replay = PostgresStatement("select event_store.replay_parked_messages($1, $2, $3, $4)")

    /// $1 tenant or '', $2 name, $3 stream or null, $4 position or null
    private static let skip = PostgresStatement("select event_store.skip_parked_messages($1, $2, $3, $4)")

    /// $1 tenant or '', $2 name, $3 reason, or null to resume
    private static let stop = PostgresStatement("select event_store.stop_subscription($1, $2, $3)")

    /// $1 tenant or '', $2 name, $3 position, or null for the end of the log
    private static let reset = PostgresStatement("select event_store.reset_subscription($1, $2, $3)")

    /// $1 tenant or '', $2 name
    private static let remove = PostgresStatement("select event_store.remove_subscription($1, $2)")
}

extension SubscriptionInfo {
    /// Decodes a row of `subscription_info`.
    fileprivate init(_ row: PostgresRow) throws {
        let (tenant, name, read, lag, waiting, inFlight, retrying, parked, held, oldest, settled) = try row.decode(
            String.self, String.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self,
            Int64.self, Date?.self, Int64.self)
        let inHands = zip(try row[11].decode([String].self), try row[12].decode([Int64].self).map(Int.init))
        let since = try row[14].decode(Date?.self)
        self.init(
            id: SubscriptionID(stored: name, tenant: tenant.isEmpty ? nil : TenantID(stored: tenant)),
            readPosition: Position(read), lag: lag, waiting: Int(waiting), inFlight: Int(inFlight),
            retrying: Int(retrying), parked: Int(parked), held: Int(held), oldestUnsettled: oldest, settled: settled,
            consumers: Dictionary(uniqueKeysWithValues: inHands),
            stopped: try row[13].decode(String?.self).flatMap { reason in since.map { Stop(reason: reason, since: $0) }
            })
    }
}
