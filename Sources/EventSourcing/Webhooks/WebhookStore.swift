public import FoundationEssentials

/// Where endpoints and their deliveries are kept, beside the log and the persistent subscriptions.
///
/// An endpoint and its subscription change together: creating one registers the subscription at the end of the log, other
/// event types change its filter, another URL makes everything due that waits for another attempt, disabling stops it,
/// enabling resumes it with all attempts, and deleting removes it.
public protocol WebhookStore: Sendable {
    /// The endpoints of a tenant in the order of their ids.
    ///
    /// - Parameter id: the id before the first one.
    func webhooks(of tenant: TenantID, after id: UUID?, limit: Int) async throws -> [WebhookEndpoint]

    /// Nil when the tenant has none with this id.
    func webhook(_ id: UUID, of tenant: TenantID) async throws -> WebhookEndpoint?

    /// The enabled endpoints of all tenants.
    func enabledWebhooks() async throws -> [WebhookEndpoint]

    /// Stores a new endpoint.
    ///
    /// - Throws: ``WebhookLimitReached`` when the tenant has ``WebhookLimits/endpoints``; ``WebhookChanged`` when there is
    ///   one with this id.
    func create(_ endpoint: WebhookEndpoint) async throws

    /// Stores a changed endpoint, if it is still at the revision of the value.
    ///
    /// - Returns: the endpoint as it is stored, at the next revision.
    /// - Throws: ``WebhookNotFound``; ``WebhookChanged`` when it is at another revision.
    func save(_ endpoint: WebhookEndpoint) async throws -> WebhookEndpoint

    /// Deletes an endpoint with its deliveries and what waits for it.
    ///
    /// - Parameter revision: the one that it must have; nil for any.
    /// - Throws: ``WebhookNotFound``; ``WebhookChanged`` when it is at another revision.
    func delete(_ id: UUID, of tenant: TenantID, at revision: Revision?) async throws

    /// Delivers events again. Events of other types than the endpoint receives stay out.
    ///
    /// - Returns: the position behind which delivery begins again, or that of the one event.
    /// - Throws: ``WebhookNotFound``; ``WebhookEventNotFound`` for an event that the endpoint does not receive.
    func replay(_ replay: WebhookReplay, to id: UUID, of tenant: TenantID) async throws -> Position

    /// Stores deliveries of one endpoint. Deliveries older than ``WebhookLimits/deliveryAge`` are deleted with it.
    ///
    /// Tests do not change ``WebhookEndpoint/failingSince``. A success after failures for ``WebhookLimits/recoveryAge`` makes
    /// everything due that waits for another attempt. Deliveries to an endpoint that was deleted are not stored.
    ///
    /// - Returns: since when the endpoint has failed without interruption; nil when its last delivery was successful.
    @discardableResult
    func record(_ deliveries: [WebhookDelivery], of id: UUID) async throws -> Date?

    /// The deliveries of an endpoint, the latest first.
    ///
    /// - Parameter delivery: the id after the first one.
    /// - Throws: ``WebhookNotFound``.
    func deliveries(
        of id: UUID, tenant: TenantID, before delivery: UUID?, limit: Int
    ) async throws -> [WebhookDelivery]
}

extension WebhookStore {
    /// Deletes an endpoint, whatever its revision is.
    ///
    /// - Throws: ``WebhookNotFound``.
    public func delete(_ id: UUID, of tenant: TenantID) async throws { try await delete(id, of: tenant, at: nil) }
}

/// The bounds of every ``WebhookStore``.
public enum WebhookLimits {
    /// The most endpoints of a tenant.
    public static let endpoints = 100
    /// For how long deliveries are kept, in seconds: 30 days.
    public static let deliveryAge: TimeInterval = 30 * 86_400
    /// After failures for so long, in seconds, a success makes everything due that waits for another attempt.
    public static let recoveryAge: TimeInterval = 600
}

/// Sends a test event to an endpoint at once.
public protocol WebhookTester: Sendable {
    /// - Returns: the outcome; it is the caller who records it.
    func test(_ endpoint: WebhookEndpoint) async -> WebhookDelivery
}

/// The tenant has no endpoint with this id.
public struct WebhookNotFound: Error, Hashable, Sendable, CustomStringConvertible {
    /// The id that no endpoint of the tenant has.
    public let id: UUID

    /// For implementations of ``WebhookStore``.
    public init(_ id: UUID) { self.id = id }

    /// Names the id.
    public var description: String { "there is no webhook \(id.text)" }
}

/// The endpoint has been changed meanwhile.
public struct WebhookChanged: Error, Hashable, Sendable, CustomStringConvertible {
    /// The endpoint.
    public let id: UUID
    /// The revision that it is at.
    public let actual: Revision

    /// For implementations of ``WebhookStore``.
    public init(_ id: UUID, actual: Revision) {
        self.id = id
        self.actual = actual
    }

    /// Names endpoint and revision, and says what to do.
    public var description: String { "the webhook \(id.text) is at revision \(actual): read it again" }
}

/// The tenant has as many endpoints as it can have.
public struct WebhookLimitReached: Error, Hashable, Sendable, CustomStringConvertible {
    /// For implementations of ``WebhookStore``.
    public init() {}

    /// Tells the limit.
    public var description: String {
        "there are \(WebhookLimits.endpoints) webhooks, the most that a tenant can have: delete one first"
    }
}

/// The log of the tenant has no such event, or the endpoint does not receive events of its type.
public struct WebhookEventNotFound: Error, Hashable, Sendable, CustomStringConvertible {
    /// The event that the endpoint does not get.
    public let event: UUID

    /// For implementations of ``WebhookStore``.
    public init(_ event: UUID) { self.event = event }

    /// Names the event.
    public var description: String { "there is no event \(event.text) that this webhook receives" }
}

extension WebhookNotFound: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension WebhookChanged: CategorizedError {
    /// Read again and decide again.
    public var category: ErrorCategory { .conflict }
}

extension WebhookLimitReached: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension WebhookEventNotFound: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}
