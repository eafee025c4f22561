/// Where persistent subscriptions are kept, beside the log that they are on: the port of a consumer.
public protocol SubscriptionStore: Sendable {
    /// Makes a group, or gives the one that there is these settings. Its place in the log stays.
    ///
    /// - Throws: ``SubscriptionDiffers`` when there is one of the same name on another source.
    func register(_ subscription: Subscription) async throws

    /// Settles messages, draws new ones from the log and hands some out.
    ///
    /// The lowest positions come first. A stream is in the hands of one consumer at a time; a message that waits for
    /// another attempt holds up its own stream only. What is drawn stays with the group until it is settled, whatever
    /// happens to consumers and connections.
    ///
    /// - Throws: ``SubscriptionNotFound``.
    func exchange(_ exchange: SubscriptionExchange, in id: SubscriptionID) async throws -> SubscriptionHandout
}

/// Tells that administrators have changed groups: what ``SubscriptionWakeups`` asks, for all groups in one call.
public protocol SubscriptionChanges: Sendable {
    /// A number that is another one after a change of any group that may give consumers something to do.
    func subscriptionChanges() async throws -> Int64
}

/// There is no such group.
public struct SubscriptionNotFound: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group that is not there.
    public let id: SubscriptionID

    package init(_ id: SubscriptionID) { self.id = id }

    /// Names the group, and says what to do.
    public var description: String { "there is no subscription \(id): register it first" }
}

/// There is a group of this name on another source.
public struct SubscriptionDiffers: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group that was registered otherwise.
    public let id: SubscriptionID

    package init(_ id: SubscriptionID) { self.id = id }

    /// Names the group, and says what to do.
    public var description: String {
        "the subscription \(id) is on another source: use another name, or remove it and lose its place"
    }
}

/// A subscription that could not work.
public struct InvalidSubscription: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group that was to be.
    public let id: SubscriptionID
    /// What is wrong with it.
    public let reason: String

    /// Names the group, and says what is wrong.
    public var description: String { "the subscription \(id) is not valid: \(reason)" }
}

extension SubscriptionNotFound: CategorizedError {
    /// Neither waiting nor skipping helps: stop.
    public var category: ErrorCategory { .fatal }
}

extension SubscriptionDiffers: CategorizedError {
    /// Neither waiting nor skipping helps: stop.
    public var category: ErrorCategory { .fatal }
}

extension InvalidSubscription: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}
