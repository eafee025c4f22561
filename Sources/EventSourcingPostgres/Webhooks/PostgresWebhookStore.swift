public import EventSourcing
public import FoundationEssentials
public import LibPQ

/// Webhooks in the database of the event store, by a client that has the role ``PostgresEventStore/serviceRole`` or
/// ``PostgresEventStoreAdministration/role``.
///
/// Secrets are stored as they are, in a table that neither of the roles can read: protect the database and its backups as
/// what they let anybody sign.
public struct PostgresWebhookStore: WebhookStore {
    private let client: PostgresClient

    /// Takes a client of the event store's database.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/EventSourcing/WebhookStore/webhooks(of:after:limit:)``.
    public func webhooks(of tenant: TenantID, after id: UUID?, limit: Int) async throws -> [WebhookEndpoint] {
        try await find(tenant: tenant, after: id, limit: limit)
    }

    /// See ``/EventSourcing/WebhookStore/webhook(_:of:)``.
    public func webhook(_ id: UUID, of tenant: TenantID) async throws -> WebhookEndpoint? {
        try await find(tenant: tenant, id: id, limit: 1).first
    }

    /// See ``/EventSourcing/WebhookStore/enabledWebhooks()``.
    public func enabledWebhooks() async throws -> [WebhookEndpoint] {
        try await find(tenant: nil, onlyEnabled: true, limit: Int(Int32.max))
    }

    private func find(
        tenant: TenantID?, id: UUID? = nil, after: UUID? = nil, onlyEnabled: Bool = false, limit: Int
    ) async throws -> [WebhookEndpoint] {
        try await client.query(
            Self.find.call(naming: [
                "tenant": tenant?.rawValue, "id": id, "after": after, "only_enabled": onlyEnabled,
                "limit": Int64(limit),
            ])
        ).map(WebhookEndpoint.init)
    }

    /// See ``/EventSourcing/WebhookStore/create(_:)``.
    public func create(_ endpoint: WebhookEndpoint) async throws { _ = try await save(endpoint, expecting: nil) }

    /// See ``/EventSourcing/WebhookStore/save(_:)``.
    public func save(_ endpoint: WebhookEndpoint) async throws -> WebhookEndpoint {
        let (revision, failingSince) = try await save(endpoint, expecting: endpoint.revision)
        return endpoint.stored(revision: revision, failingSince: failingSince)
    }

    private func save(_ endpoint: WebhookEndpoint, expecting revision: Revision?) async throws -> (Revision, Date?) {
        let (reason, since): (String?, Date?) =
            switch endpoint.status {
            case .enabled: (nil, nil)
            case .disabled(let reason, let since): (reason, since)
            }
        let (filter, secrets) = (endpoint.filter, endpoint.secrets)
        let rows = try await client.execute(
            Self.save.call(naming: [
                "tenant": endpoint.tenant.rawValue, "id": endpoint.id, "expected_revision": revision?.rawValue,
                "url": endpoint.url.description, "description": endpoint.description, "types": endpoint.types.patterns,
                "secret": secrets.current.text, "previous_secret": secrets.previous?.secret.text,
                "previous_until": secrets.previous?.expiry, "disabled_reason": reason, "disabled_since": since,
                "created_at": endpoint.createdAt, "most_webhooks": Int64(WebhookLimits.endpoints),
                "event_types": filter.types?.map(\.rawValue).sorted(),
                "event_type_prefixes": filter.typePrefixes?.map(\.rawValue).sorted(),
            ]))
        let (outcome, stored, failingSince) = try rows.first!.decode(String.self, Int64?.self, Date?.self)
        switch (outcome, stored) {
        case ("saved", let stored?): return (Revision(stored), failingSince)
        case ("changed", let stored?): throw WebhookChanged(endpoint.id, actual: Revision(stored))
        case ("full", _): throw WebhookLimitReached()
        default: throw WebhookNotFound(endpoint.id)
        }
    }

    /// See ``/EventSourcing/WebhookStore/delete(_:of:at:)``.
    public func delete(_ id: UUID, of tenant: TenantID, at revision: Revision?) async throws {
        let rows = try await client.execute(Self.delete, tenant.rawValue, id, revision?.rawValue)
        let (outcome, present) = try rows.first!.decode(String.self, Int64?.self)
        switch (outcome, present) {
        case ("deleted", _): return
        case ("changed", let present?): throw WebhookChanged(id, actual: Revision(present))
        default: throw WebhookNotFound(id)
        }
    }

    /// See ``/EventSourcing/WebhookStore/replay(_:to:of:)``.
    public func replay(_ replay: WebhookReplay, to id: UUID, of tenant: TenantID) async throws -> Position {
        let (behind, since, event): (Int64?, Date?, UUID?) =
            switch replay {
            case .after(let position): (position.rawValue, nil, nil)
            case .since(let time): (nil, time, nil)
            case .event(let event): (nil, nil, event)
            }
        let rows = try await client.execute(Self.replay, tenant.rawValue, id, behind, since, event)
        guard let position = try rows.first?.decode(Int64?.self) else { throw WebhookNotFound(id) }
        if let event, position < 0 { throw WebhookEventNotFound(event) }
        return Position(position)
    }

    private static let find = PostgresStatement(
        "select * from event_store.webhooks(:tenant, :id, :after, :only_enabled, :limit)")

    private static let save = PostgresStatement(
        """
        select * from event_store.save_webhook(
            :tenant, :id, :expected_revision, :url, :description, :types, :secret, :previous_secret, :previous_until,
            :disabled_reason, :disabled_since, :created_at, :most_webhooks, :event_types, :event_type_prefixes)
        """)

    /// $1 tenant, $2 id, $3 revision or null
    private static let delete = PostgresStatement("select * from event_store.delete_webhook($1, $2, $3)")

    /// $1 tenant, $2 id, $3 position or null, $4 time or null, $5 event or null
    private static let replay = PostgresStatement("select event_store.replay_webhook($1, $2, $3, $4, $5)")
}

extension PostgresWebhookStore {
    /// See ``/EventSourcing/WebhookStore/record(_:of:)``.
    public func record(_ deliveries: [WebhookDelivery], of id: UUID) async throws -> Date? {
        let rows = try await repeatingWhenUnknown {
            try await client.execute(
                Self.record.call(naming: [
                    "id": id, "ids": deliveries.map(\.id), "event_ids": deliveries.map(\.event),
                    "types": deliveries.map(\.type), "positions": deliveries.map { $0.position?.rawValue },
                    "attempts": deliveries.map { Int32(clamping: $0.attempt) }, "times": deliveries.map(\.at),
                    "durations": deliveries.map { Int64($0.duration / .microseconds(1)) },
                    "statuses": deliveries.map { $0.status.map { Int32(clamping: $0) } },
                    "failures": deliveries.map(\.failure), "max_age": WebhookLimits.deliveryAge,
                    "recovery_age": WebhookLimits.recoveryAge,
                ]))
        }
        return try rows.first?.decode(Date?.self)
    }

    /// See ``/EventSourcing/WebhookStore/deliveries(of:tenant:before:limit:)``.
    public func deliveries(
        of id: UUID, tenant: TenantID, before delivery: UUID?, limit: Int
    ) async throws -> [WebhookDelivery] {
        guard try await webhook(id, of: tenant) != nil else { throw WebhookNotFound(id) }
        return try await client.query(Self.deliveries, id, delivery, Int64(limit)).map(WebhookDelivery.init)
    }

    private static let record = PostgresStatement(
        """
        select event_store.record_webhook_deliveries(
            :id, :ids, :event_ids, :types, :positions, :attempts, :times, :durations, :statuses, :failures,
            make_interval(secs => :max_age), make_interval(secs => :recovery_age))
        """)

    /// $1 webhook, $2 id before which or null, $3 limit
    private static let deliveries = PostgresStatement("select * from event_store.webhook_deliveries($1, $2, $3)")
}

extension WebhookEndpoint {
    /// Decodes a row of the table.
    fileprivate init(_ row: PostgresRow) throws {
        let (id, tenant, url, description, types, secret) = try row.decode(
            UUID.self, String.self, String.self, String.self, [String].self, String.self)
        guard let current = WebhookSecret(text: secret) else { throw UnreadableWebhook(id: id, column: "secret") }
        var secrets = WebhookSecrets(current: current)
        if let previous = try row[6].decode(String?.self).flatMap(WebhookSecret.init(text:)),
            let expiry = try row[7].decode(Date?.self)
        {
            secrets = WebhookSecrets(current: current, previous: previous, until: expiry)
        }
        let reason = try row[8].decode(String?.self)
        let since = try row[9].decode(Date?.self)
        let status = since.map { Status.disabled(reason: reason ?? "", since: $0) } ?? .enabled
        self.init(
            id: id, tenant: TenantID(stored: tenant), url: try WebhookURL(url), description: description,
            types: WebhookEventTypes(stored: types), secrets: secrets, status: status,
            createdAt: try row[10].decode(Date.self), revision: Revision(try row[11].decode(Int64.self)),
            failingSince: try row[12].decode(Date?.self))
    }
}

extension WebhookDelivery {
    /// Decodes a row of the table.
    fileprivate init(_ row: PostgresRow) throws {
        let (endpoint, id, event, type, position, attempt, at, duration) = try row.decode(
            UUID.self, UUID.self, UUID.self, String.self, Int64?.self, Int32.self, Date.self, Int64.self)
        let status = try row[8].decode(Int32?.self).map(Int.init)
        let failure = try row[9].decode(String?.self)
        self.init(
            id: id, endpoint: endpoint, event: event, type: type, position: position.map(Position.init),
            attempt: Int(attempt), at: at, duration: .microseconds(duration),
            outcome: failure.map { .failed(reason: $0, status: status) } ?? .delivered(status: status ?? 0))
    }
}

/// A row that this library did not write.
struct UnreadableWebhook: Error, CustomStringConvertible {
    let id: UUID
    let column: String

    var description: String { "the \(column) of webhook \(id.text) cannot be read" }
}
