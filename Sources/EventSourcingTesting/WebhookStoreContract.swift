public import EventSourcing
import FoundationEssentials
public import Testing

/// What every ``WebhookStore`` has to keep, as clauses; see ``EventStoreContract``.
public enum WebhookStoreContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (Fixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the store does otherwise.
        public func check(
            _ webhooks: some WebhookStore, subscriptions: some SubscriptionStore, on events: some EventStore
        ) async throws {
            try await verify(Fixture(events: events, subscriptions: subscriptions, webhooks: webhooks))
        }
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = endpoints + deliveries + replays

    /// A store under test, and two tenants of its own for each clause.
    struct Fixture: Sendable {
        let events: any EventStore
        let subscriptions: any SubscriptionStore
        let webhooks: any WebhookStore
        let tenant: TenantID
        let otherTenant: TenantID
        /// Microseconds are what every store keeps.
        let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded())

        init(events: any EventStore, subscriptions: any SubscriptionStore, webhooks: any WebhookStore) throws {
            self.events = events
            self.subscriptions = subscriptions
            self.webhooks = webhooks
            let unique = UUID().uuidString.filter { $0 != "-" }
            tenant = try TenantID("t\(unique)")
            otherTenant = try TenantID("o\(unique)")
        }

        func endpoint(
            types: [String] = ["*"], of tenant: TenantID? = nil, at time: Date = Date()
        ) throws -> WebhookEndpoint {
            WebhookEndpoint(
                id: .v7(at: time), tenant: tenant ?? self.tenant, url: try WebhookURL("https://example.com/hooks"),
                description: "Ours", types: try WebhookEventTypes(types), secret: .random(), createdAt: now)
        }

        func created(types: [String] = ["*"]) async throws -> WebhookEndpoint {
            let endpoint = try endpoint(types: types)
            try await webhooks.create(endpoint)
            return endpoint
        }

        /// Appends an event of `contract.thing.<action>.v1` to a stream.
        @discardableResult
        func append(_ action: String, to entityID: String = "a") async throws -> (id: UUID, position: Position) {
            let stream = try StreamName(
                category: StreamCategory(context: "contract", aggregate: "thing", schema: 1), tenant: tenant,
                entityID: entityID)
            let event = try NewEvent(
                id: .v7(), type: EventType("contract.thing.\(action).v1"), data: EventPayload(bytes: Array("{}".utf8)),
                metadata: EventPayload(bytes: Array("{}".utf8)))
            let position = try await events.append([event], to: stream, expecting: .any).position
            return (event.id, position)
        }

        /// What is handed out to a consumer of the endpoint: `happened a0`.
        func take(_ endpoint: WebhookEndpoint, acknowledging: Bool = true) async throws -> [String] {
            let deliveries = try await exchange(endpoint)
            if acknowledging {
                let settlements = deliveries.map { $0.settled(.acknowledge) }
                _ = try await exchange(endpoint, settlements, limit: 0)
            }
            return deliveries.map { "\($0.event.type.rawValue.split(separator: ".")[2]) \($0.event.name)" }
        }

        @discardableResult
        func exchange(
            _ endpoint: WebhookEndpoint, _ settlements: [SubscriptionSettlement] = [], limit: Int = 100
        ) async throws -> [SubscriptionDelivery] {
            try await subscriptions.exchange(
                SubscriptionExchange(consumer: "one", settlements: settlements, limit: limit),
                in: endpoint.subscriptionID
            ).deliveries
        }

        func delivery(
            of endpoint: WebhookEndpoint, after seconds: TimeInterval, isTest: Bool = false,
            _ outcome: WebhookDelivery.Outcome
        ) -> WebhookDelivery {
            let at = now.addingTimeInterval(seconds)
            return WebhookDelivery(
                id: .v7(at: at), endpoint: endpoint.id, event: .v7(), type: "contract.thing.happened.v1",
                position: isTest ? nil : Position(7), attempt: 1, at: at, duration: .milliseconds(12), outcome: outcome)
        }
    }
}
