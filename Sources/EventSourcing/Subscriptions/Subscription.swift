/// A persistent subscription: a named group of consumers that share the events of a source between them.
///
/// The store keeps how far the group has come, so that consumers come and go. Each event reaches the group at least
/// once; the events of a stream in their order, and never two consumers at a time.
public struct Subscription: Hashable, Sendable {
    /// Names the group, within its tenant.
    public let id: SubscriptionID
    /// Which events it is about.
    public let source: SubscriptionSource
    /// Where the group begins when it is registered for the first time.
    public let start: SubscriptionStart
    /// How it treats its messages.
    public let settings: SubscriptionSettings

    /// - Throws: ``InvalidSubscription`` when the source has events of another tenant than the group is of, or a setting
    ///   is out of its bounds.
    public init(
        _ id: SubscriptionID, on source: SubscriptionSource, from start: SubscriptionStart = .beginning,
        settings: SubscriptionSettings = SubscriptionSettings()
    ) throws(InvalidSubscription) {
        if let tenant = id.tenant, source.tenant != tenant {
            throw InvalidSubscription(
                id: id, reason: "it is of tenant \(tenant), and its source is not: name the tenant in the filter")
        }
        if let fault = settings.fault { throw InvalidSubscription(id: id, reason: fault) }
        self.id = id
        self.source = source
        self.start = start
        self.settings = settings
    }
}

/// What a subscription is called, and whose it is.
public struct SubscriptionID: Hashable, Sendable, CustomStringConvertible {
    /// Nil for a group that receives the events of all tenants.
    public let tenant: TenantID?
    /// Unique within the tenant, or among those of all tenants.
    public let name: String

    /// - Throws: ``InvalidName`` unless the name is 1 to 128 ASCII letters, digits or any of `- _ .`.
    public init(_ name: String, of tenant: TenantID? = nil) throws(InvalidName) {
        self.init(stored: try name.identifier(as: "subscription name"), tenant: tenant)
    }

    /// A name as a store holds it: checked when it was written.
    package init(stored name: String, tenant: TenantID?) {
        self.name = name
        self.tenant = tenant
    }

    /// The name, and the tenant if there is one.
    public var description: String { tenant.map { "\(name) of \($0)" } ?? name }
}

/// Which events a subscription receives.
public enum SubscriptionSource: Hashable, Sendable {
    case stream(StreamName)
    case log(LogFilter)

    /// The streams of one category, of one tenant or of all.
    public static func category(_ category: StreamCategory, of tenant: TenantID? = nil) -> SubscriptionSource {
        .log(LogFilter(tenant: tenant, categories: [category]))
    }

    /// Whether this is the source, or the one that it has become by renaming events; see ``LogFilter/following(_:)``.
    func isSame(as earlier: SubscriptionSource) -> Bool {
        if self == earlier { return true }
        guard case .log(let filter) = self, case .log(let before) = earlier else { return false }
        return filter.isRenamed(from: before)
    }

    /// Whether an event is one of it.
    func matches(_ event: RecordedEvent) -> Bool {
        switch self {
        case .stream(let stream): event.stream == stream
        case .log(let filter): filter.matches(event)
        }
    }

    /// Whose events these are; nil for those of all tenants.
    var tenant: TenantID? {
        switch self {
        case .stream(let stream): stream.tenant
        case .log(let filter): filter.tenant
        }
    }
}

/// Where a new subscription begins.
public enum SubscriptionStart: Hashable, Sendable {
    /// With the first event there is.
    case beginning
    /// With the first event that is appended after the registration.
    case end
    /// With the first event behind this position.
    case after(Position)

    /// The position before the first event.
    func position(head: Position) -> Position {
        switch self {
        case .beginning: .start
        case .end: head
        case .after(let position): position
        }
    }
}
