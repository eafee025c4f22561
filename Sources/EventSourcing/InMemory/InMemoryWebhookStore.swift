public import FoundationEssentials
import Synchronization

/// Webhooks in memory, for tests and demonstrations, beside subscriptions in memory.
public final class InMemoryWebhookStore: WebhookStore {
    private struct Entry {
        var endpoint: WebhookEndpoint
        /// In the order of their ids.
        var deliveries: [WebhookDelivery] = []
    }

    private let entries = Mutex<[UUID: Entry]>([:])
    private let subscriptions: InMemorySubscriptionStore
    private let reader: any EventReader
    private let now: @Sendable () -> Date

    /// A store without endpoints, whose deliveries are those of `subscriptions`; `now` is the clock of its records.
    public init(
        _ subscriptions: InMemorySubscriptionStore, on reader: any EventReader,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.subscriptions = subscriptions
        self.reader = reader
        self.now = now
    }

    /// See ``WebhookStore/webhooks(of:after:limit:)``.
    public func webhooks(of tenant: TenantID, after id: UUID?, limit: Int) async throws -> [WebhookEndpoint] {
        let all = entries.withLock { $0.values.map(\.endpoint) }.filter { $0.tenant == tenant }
        return Array(all.filter { id == nil || $0.id > id! }.sorted { $0.id < $1.id }.prefix(limit))
    }

    /// See ``WebhookStore/webhook(_:of:)``.
    public func webhook(_ id: UUID, of tenant: TenantID) async throws -> WebhookEndpoint? {
        entries.withLock { $0[id]?.endpoint }.flatMap { $0.tenant == tenant ? $0 : nil }
    }

    /// See ``WebhookStore/enabledWebhooks()``.
    public func enabledWebhooks() async throws -> [WebhookEndpoint] {
        entries.withLock { $0.values.map(\.endpoint) }.filter(\.isEnabled).sorted { $0.id < $1.id }
    }

    /// See ``WebhookStore/create(_:)``.
    public func create(_ endpoint: WebhookEndpoint) async throws {
        try entries.withLock { entries in
            if let found = entries[endpoint.id] { throw WebhookChanged(endpoint.id, actual: found.endpoint.revision) }
            guard entries.values.count(where: { $0.endpoint.tenant == endpoint.tenant }) < WebhookLimits.endpoints
            else {
                throw WebhookLimitReached()
            }
            entries[endpoint.id] = Entry(endpoint: endpoint)
        }
        try await subscriptions.register(endpoint.subscription())
    }

    /// See ``WebhookStore/save(_:)``.
    public func save(_ endpoint: WebhookEndpoint) async throws -> WebhookEndpoint {
        let (stored, before) = try entries.withLock { entries in
            guard let found = entries[endpoint.id]?.endpoint, found.tenant == endpoint.tenant else {
                throw WebhookNotFound(endpoint.id)
            }
            guard found.revision == endpoint.revision else {
                throw WebhookChanged(endpoint.id, actual: found.revision)
            }
            let isResumed = !found.isEnabled && endpoint.isEnabled
            let isFresh = isResumed || found.url != endpoint.url
            let stored = endpoint.stored(
                revision: found.revision.next, failingSince: isFresh ? nil : found.failingSince)
            entries[endpoint.id]?.endpoint = stored
            return (stored, found)
        }
        try subscriptions.change(stored.subscriptionID) { group in
            try group.receive(.log(stored.filter))
            switch stored.status {
            case .enabled:
                if !before.isEnabled { group.restart() }
            case .disabled(let reason, let since): group.stop(reason, at: since)
            }
            if before.url != stored.url { group.hasten() }
        }
        return stored
    }

    /// See ``WebhookStore/delete(_:of:at:)``.
    public func delete(_ id: UUID, of tenant: TenantID, at revision: Revision?) async throws {
        try entries.withLock { entries in
            guard let found = entries[id]?.endpoint, found.tenant == tenant else { throw WebhookNotFound(id) }
            if let revision, found.revision != revision { throw WebhookChanged(id, actual: found.revision) }
            entries[id] = nil
        }
        try await subscriptions.remove(WebhookEndpoint.subscriptionID(of: id, tenant: tenant))
    }

    /// See ``WebhookStore/replay(_:to:of:)``.
    public func replay(_ replay: WebhookReplay, to id: UUID, of tenant: TenantID) async throws -> Position {
        guard let endpoint = try await webhook(id, of: tenant) else { throw WebhookNotFound(id) }
        let events = try await reader.readLog(
            after: .start, .forwards, matching: LogFilter(tenant: tenant), limit: .max)
        switch replay {
        case .after(let position):
            let position = min(position, try await reader.head())
            try subscriptions.change(endpoint.subscriptionID) { $0.reset(to: min($0.readPosition, position)) }
            return position
        case .since(let time):
            let position = events.last { $0.recordedAt <= time }?.position ?? .start
            try subscriptions.change(endpoint.subscriptionID) { $0.reset(to: min($0.readPosition, position)) }
            return position
        case .event(let event):
            guard let found = events.first(where: { $0.id == event }), endpoint.filter.matches(found) else {
                throw WebhookEventNotFound(event)
            }
            try subscriptions.change(endpoint.subscriptionID) { $0.redeliver(found) }
            return found.position
        }
    }

    /// See ``WebhookStore/record(_:of:)``.
    public func record(_ deliveries: [WebhookDelivery], of id: UUID) async throws -> Date? {
        let (failingSince, recovered) = entries.withLock { entries -> (Date?, SubscriptionID?) in
            guard var entry = entries[id] else { return (nil, nil) }
            let oldest = now().addingTimeInterval(-WebhookLimits.deliveryAge)
            let known = Set(entry.deliveries.map(\.id))
            let new = deliveries.filter { !known.contains($0.id) }
            entry.deliveries = (entry.deliveries + new).filter { $0.at >= oldest }.sorted { $0.id < $1.id }
            let ofEvents = deliveries.filter { $0.position != nil }
            let lastSuccess = ofEvents.filter(\.isDelivered).map(\.at).max()
            let firstFailure = ofEvents.filter { !$0.isDelivered && $0.at > lastSuccess ?? .distantPast }.map(\.at)
                .min()
            let failingSince = lastSuccess == nil ? entry.endpoint.failingSince ?? firstFailure : firstFailure
            let hadFailed = entry.endpoint.failingSince?.addingTimeInterval(WebhookLimits.recoveryAge)
            let isRecovered = hadFailed.map { $0 <= lastSuccess ?? .distantPast } ?? false
            entry.endpoint = entry.endpoint.stored(revision: entry.endpoint.revision, failingSince: failingSince)
            entries[id] = entry
            return (failingSince, isRecovered ? entry.endpoint.subscriptionID : nil)
        }
        if let recovered { try subscriptions.change(recovered) { $0.hasten() } }
        return failingSince
    }

    /// See ``WebhookStore/deliveries(of:tenant:before:limit:)``.
    public func deliveries(
        of id: UUID, tenant: TenantID, before delivery: UUID?, limit: Int
    ) async throws -> [WebhookDelivery] {
        try entries.withLock { entries in
            guard let entry = entries[id], entry.endpoint.tenant == tenant else { throw WebhookNotFound(id) }
            let earlier = entry.deliveries.filter { delivery == nil || $0.id < delivery! }
            return Array(earlier.reversed().prefix(limit))
        }
    }
}
