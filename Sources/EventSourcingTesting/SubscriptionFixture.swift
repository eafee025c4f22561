import EventSourcing
import FoundationEssentials
import Testing

/// A group under test on a log, and a tenant of its own for each clause.
struct SubscriptionFixture: Sendable {
    let events: any EventStore
    let store: any SubscriptionStore
    let administration: any SubscriptionAdministration
    let tenant: TenantID
    let id: SubscriptionID

    init(
        events: any EventStore, store: any SubscriptionStore, administration: any SubscriptionAdministration
    ) throws {
        self.events = events
        self.store = store
        self.administration = administration
        tenant = try TenantID("t\(UUID().uuidString.filter { $0 != "-" })")
        id = try SubscriptionID("group", of: tenant)
    }

    var ours: SubscriptionSource { .log(LogFilter(tenant: tenant)) }

    func stream(_ entityID: String, aggregate: String = "thing") throws -> StreamName {
        try StreamName(
            category: StreamCategory(context: "contract", aggregate: aggregate, schema: 1), tenant: tenant,
            entityID: entityID)
    }

    /// Appends an event to each of these streams, in this order, and registers the group on the tenant's log.
    func registered(
        on streams: [String], _ change: (inout SubscriptionSettings) -> Void = { _ in }
    ) async throws -> SubscriptionFixture {
        try await append(streams)
        try await register(change)
        return self
    }

    func register(
        on source: SubscriptionSource? = nil, from start: SubscriptionStart = .beginning,
        _ change: (inout SubscriptionSettings) -> Void = { _ in }
    ) async throws {
        var settings = SubscriptionSettings()
        settings.retryDelays = [.zero]
        change(&settings)
        try await store.register(Subscription(id, on: source ?? ours, from: start, settings: settings))
    }

    @discardableResult
    func append(
        _ streams: [String], aggregate: String = "thing", type: String = "contract.thing.happened.v1"
    ) async throws -> Position {
        var last = Position.start
        for name in streams {
            let event = try NewEvent(
                id: .v7(), type: EventType(type), data: EventPayload(bytes: Array("{}".utf8)),
                metadata: EventPayload(bytes: Array("{}".utf8)))
            last = try await events.append([event], to: stream(name, aggregate: aggregate), expecting: .any).position
        }
        return last
    }

    @discardableResult
    func exchange(
        _ consumer: String, _ settlements: [SubscriptionSettlement] = [], limit: Int = 100,
        holding: Set<SubscriptionReceipt>? = nil
    ) async throws -> SubscriptionHandout {
        try await store.exchange(
            SubscriptionExchange(consumer: consumer, settlements: settlements, limit: limit, holding: holding), in: id)
    }

    /// What a consumer is handed out.
    func take(
        _ consumer: String, _ settlements: [SubscriptionSettlement] = [], limit: Int = 100
    ) async throws -> [SubscriptionDelivery] {
        try await exchange(consumer, settlements, limit: limit).deliveries
    }

    /// Asks until something is handed out.
    func takeEventually(_ consumer: String, limit: Int = 100) async throws -> [SubscriptionDelivery] {
        while true {
            let deliveries = try await take(consumer, limit: limit)
            if !deliveries.isEmpty { return deliveries }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func settle(_ consumer: String, _ settlements: [SubscriptionSettlement]) async throws -> Set<SubscriptionReceipt> {
        try await exchange(consumer, settlements, limit: 0).refused
    }

    func info() async throws -> SubscriptionInfo { try await administration.info(id) }

    func parked() async throws -> [ParkedMessage] {
        try await administration.parked(in: id, after: .start, limit: 100)
    }
}

extension [SubscriptionDelivery] {
    /// `a0`: the first event of stream a.
    var names: [String] { map(\.event.name) }

    func settled(_ verdict: SubscriptionVerdict) -> [SubscriptionSettlement] { map { $0.settled(verdict) } }

    var acknowledged: [SubscriptionSettlement] { settled(.acknowledge) }
}

extension RecordedEvent {
    /// `a0`: the first event of stream a.
    var name: String { "\(stream.entityID)\(revision)" }
}

extension [ParkedMessage] {
    /// `a0!` is parked, `a1` waits, `a2+` returns.
    var names: [String] {
        map { message in
            switch message.state {
            case .parked: message.event.name + "!"
            case .waits: message.event.name
            case .returns: message.event.name + "+"
            }
        }
    }
}
