public import FoundationEssentials

/// A system outside that receives events of a tenant by HTTP.
///
/// Its deliveries are those of a persistent subscription of its own, see ``subscription(settings:)``. A change of its state
/// is a new value, which ``WebhookStore/save(_:)`` stores.
public struct WebhookEndpoint: Hashable, Sendable {
    /// A UUID v7.
    public let id: UUID
    /// Whose events it gets.
    public let tenant: TenantID
    /// Where they are sent.
    public var url: WebhookURL
    /// For people: 0 to 256 characters.
    public var description: String
    /// Which events it gets.
    public var types: WebhookEventTypes
    /// What requests are signed with.
    public internal(set) var secrets: WebhookSecrets
    /// Whether it gets events.
    public internal(set) var status: Status
    /// When it was created.
    public let createdAt: Date
    /// Counts the changes, from 0.
    public let revision: Revision
    /// The first failure since the last successful delivery, since it was enabled, and since its URL was changed; nil when there
    /// was none.
    public let failingSince: Date?

    /// Whether an endpoint gets events, and if not, why.
    public enum Status: Hashable, Sendable {
        case enabled
        /// Events wait until it is enabled again.
        case disabled(reason: String, since: Date)
    }

    /// A new endpoint, which is enabled.
    public init(
        id: UUID, tenant: TenantID, url: WebhookURL, description: String = "", types: WebhookEventTypes = .all,
        secret: WebhookSecret, createdAt: Date
    ) {
        self.init(
            id: id, tenant: tenant, url: url, description: description, types: types,
            secrets: WebhookSecrets(current: secret), status: .enabled, createdAt: createdAt, revision: .first,
            failingSince: nil)
    }

    /// An endpoint as a store holds it.
    package init(
        id: UUID, tenant: TenantID, url: WebhookURL, description: String, types: WebhookEventTypes,
        secrets: WebhookSecrets, status: Status, createdAt: Date, revision: Revision, failingSince: Date?
    ) {
        self.id = id
        self.tenant = tenant
        self.url = url
        self.description = description
        self.types = types
        self.secrets = secrets
        self.status = status
        self.createdAt = createdAt
        self.revision = revision
        self.failingSince = failingSince
    }

    /// Whether it gets events.
    public var isEnabled: Bool { status == .enabled }

    /// Lets deliveries go on. An endpoint that is enabled stays as it is.
    public mutating func enable() { status = .enabled }

    /// Stops deliveries until it is enabled again. The first reason stays.
    public mutating func disable(because reason: String, at now: Date) {
        if isEnabled { status = .disabled(reason: String(reason.prefix(500)), since: now) }
    }

    /// Signs with another secret from now on, and with the one before as well until a time.
    public mutating func rotate(to secret: WebhookSecret, keepingPreviousUntil expiry: Date) {
        secrets = WebhookSecrets(current: secret, previous: secrets.current, until: expiry)
    }

    /// The persistent subscription of an endpoint.
    public static func subscriptionID(of id: UUID, tenant: TenantID) -> SubscriptionID {
        SubscriptionID(stored: "webhook.\(id.text)", tenant: tenant)
    }

    /// Names its subscription.
    public var subscriptionID: SubscriptionID { Self.subscriptionID(of: id, tenant: tenant) }

    /// Which events it receives.
    public var filter: LogFilter { types.filter(of: tenant) }

    /// The subscription of its events. It begins with the first event after the endpoint was created.
    public func subscription(
        settings: SubscriptionSettings = SubscriptionSettings()
    ) throws(InvalidSubscription) -> Subscription {
        try Subscription(subscriptionID, on: .log(filter), from: .end, settings: settings)
    }
}

extension WebhookEndpoint {
    /// The same endpoint as a store has it after a change.
    package func stored(revision: Revision, failingSince: Date?) -> WebhookEndpoint {
        WebhookEndpoint(
            id: id, tenant: tenant, url: url, description: description, types: types, secrets: secrets, status: status,
            createdAt: createdAt, revision: revision, failingSince: failingSince)
    }
}
