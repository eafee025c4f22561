/// What a consumer hands in and asks for, in one call.
public struct SubscriptionExchange: Hashable, Sendable {
    /// Who asks. A consumer's id is its own for as long as it runs, and never another one's.
    public var consumer: String
    /// What became of messages that were handed out to this consumer.
    public var settlements: [SubscriptionSettlement]
    /// The most messages to hand out; 0 only settles.
    public var limit: Int
    /// The messages that the consumer has in hand besides the settled ones.
    ///
    /// All others that were handed out to it are taken back. A consumer says it when it does not know what it has been
    /// handed out, since an answer was lost, and when it leaves. Nil changes nothing.
    public var holding: Set<SubscriptionReceipt>?

    /// For consumers of one's own; ``SubscriptionConsumer`` and ``Relay`` make theirs.
    public init(
        consumer: String, settlements: [SubscriptionSettlement] = [], limit: Int,
        holding: Set<SubscriptionReceipt>? = nil
    ) {
        self.consumer = consumer
        self.settlements = settlements
        self.limit = limit
        self.holding = holding
    }
}

/// Names one handing out of one message, so that the next one is told from it.
public struct SubscriptionReceipt: Hashable, Sendable {
    /// The message's place in the log.
    public let position: Position
    /// Counts the exchanges of the group.
    public let number: Int64

    package init(position: Position, number: Int64) {
        self.position = position
        self.number = number
    }
}

/// A message in the hands of a consumer.
public struct SubscriptionDelivery: Hashable, Sendable {
    /// The event.
    public let event: RecordedEvent
    /// 1 for the first time, one more after each failure.
    public let attempt: Int
    /// Hand it in with the verdict.
    public let receipt: SubscriptionReceipt

    package init(event: RecordedEvent, attempt: Int, number: Int64) {
        self.event = event
        self.attempt = attempt
        receipt = SubscriptionReceipt(position: event.position, number: number)
    }

    /// What the consumer says about this message.
    public func settled(_ verdict: SubscriptionVerdict) -> SubscriptionSettlement {
        SubscriptionSettlement(receipt: receipt, verdict: verdict)
    }
}

/// What became of a message.
public struct SubscriptionSettlement: Hashable, Sendable {
    /// Which handing out it is about.
    public let receipt: SubscriptionReceipt
    /// What became of the message.
    public let verdict: SubscriptionVerdict

    /// Settles a message; see ``SubscriptionDelivery/settled(_:)``.
    public init(receipt: SubscriptionReceipt, verdict: SubscriptionVerdict) {
        self.receipt = receipt
        self.verdict = verdict
    }
}

/// The answer to an exchange.
public struct SubscriptionHandout: Hashable, Sendable {
    /// In the order of their positions.
    public let deliveries: [SubscriptionDelivery]
    /// Settlements that came too late: the message had been taken back, and is or will be in other hands.
    public let refused: Set<SubscriptionReceipt>
    /// Why nothing is handed out until an administrator resumes the group; nil while it runs.
    public let stopReason: String?
    /// Whether the group has nothing unsettled but what this consumer has in hand. Then only a new event of its source, or an
    /// administrator, gives the consumer more, and it need not ask before.
    public let isDrained: Bool

    package init(
        deliveries: [SubscriptionDelivery], refused: Set<SubscriptionReceipt>, stopReason: String?,
        isDrained: Bool = false
    ) {
        self.deliveries = deliveries
        self.refused = refused
        self.stopReason = stopReason
        self.isDrained = isDrained
    }
}
