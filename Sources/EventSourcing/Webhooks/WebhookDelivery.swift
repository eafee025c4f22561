public import FoundationEssentials

/// One attempt to deliver an event to an endpoint, and its outcome.
public struct WebhookDelivery: Hashable, Sendable {
    /// A UUID v7: later deliveries have greater ids.
    public let id: UUID
    /// Where it was sent.
    public let endpoint: UUID
    /// The `webhook-id` that was sent.
    public let event: UUID
    /// The type of the event.
    public let type: String
    /// Nil for a test, whose event is not in the log.
    public let position: Position?
    /// 1 for the first time.
    public let attempt: Int
    /// When the request began.
    public let at: Date
    /// From the beginning of the request to its outcome.
    public let duration: Duration
    /// How it ended.
    public let outcome: Outcome

    /// How an attempt ended.
    public enum Outcome: Hashable, Sendable {
        /// The endpoint answered with this status, 200 to 299.
        case delivered(status: Int)
        /// The status is nil when there was no answer.
        case failed(reason: String, status: Int?)
    }

    /// For senders, and for implementations of ``WebhookStore``.
    public init(
        id: UUID, endpoint: UUID, event: UUID, type: String, position: Position?, attempt: Int, at: Date,
        duration: Duration, outcome: Outcome
    ) {
        self.id = id
        self.endpoint = endpoint
        self.event = event
        self.type = type
        self.position = position
        self.attempt = attempt
        self.at = at
        self.duration = duration
        self.outcome = outcome
    }

    /// Whether the receiver has answered with success.
    public var isDelivered: Bool {
        if case .delivered = outcome { true } else { false }
    }

    /// The status of the answer; nil when there was none.
    public var status: Int? {
        switch outcome {
        case .delivered(let status): status
        case .failed(_, let status): status
        }
    }

    /// Why it failed; nil for one that was delivered.
    public var failure: String? {
        if case .failed(let reason, _) = outcome { reason } else { nil }
    }
}

/// Which events are delivered again to an endpoint.
public enum WebhookReplay: Hashable, Sendable {
    /// Everything after a position, in the order of the log.
    case after(Position)
    /// Everything that was recorded after a time.
    case since(Date)
    /// One event, once more. Its place among the others is now.
    case event(UUID)
}
