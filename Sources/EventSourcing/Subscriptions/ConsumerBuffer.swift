/// What a consumer has in hand: each stream's messages in their order, one of a stream at work at a time.
///
/// Pure bookkeeping; ``SubscriptionConsumer`` does the calls.
struct ConsumerBuffer {
    private struct Held {
        let delivery: SubscriptionDelivery
        let expiry: ContinuousClock.Instant
    }

    /// What one exchange hands in.
    struct Report {
        let settlements: [SubscriptionSettlement]
        let holding: Set<SubscriptionReceipt>
        /// The streams with a failure among the settlements.
        let failed: Set<StreamName>
        /// The store may believe that there is something in hand that is not.
        let isUnsure: Bool
    }

    private var queues: [StreamName: [Held]] = [:]
    /// Streams with a queue and nothing at work, in the order in which they came.
    private var ready: [StreamName] = []
    private var working: [StreamName: SubscriptionDelivery] = [:]
    private var settlements: [SubscriptionSettlement] = []
    /// Streams with a failure that the store does not know of: what it hands out of them comes too early.
    private var failed = Set<StreamName>()
    private var isUnsure = false

    /// How many messages are in hand.
    var count: Int { queues.values.reduce(working.count) { $0 + $1.count } }
    var workingCount: Int { working.count }
    var settlementCount: Int { settlements.count }

    /// Takes in what was handed out.
    ///
    /// - Parameter expiry: from when on the store may hand it to others.
    mutating func add(_ deliveries: [SubscriptionDelivery], expiry: ContinuousClock.Instant) {
        for delivery in deliveries {
            let stream = delivery.event.stream
            guard !failed.contains(stream) else {
                isUnsure = true
                continue
            }
            if queues[stream] == nil, working[stream] == nil { ready.append(stream) }
            queues[stream, default: []].append(Held(delivery: delivery, expiry: expiry))
        }
    }

    /// The next message to work on; nil when there is none whose stream is free.
    mutating func start(at now: ContinuousClock.Instant) -> SubscriptionDelivery? {
        while let stream = ready.first {
            ready.removeFirst()
            guard let queue = queues.removeValue(forKey: stream), let first = queue.first else { continue }
            guard first.expiry > now else {
                isUnsure = true
                continue
            }
            if queue.count > 1 { queues[stream] = Array(queue.dropFirst()) }
            working[stream] = first.delivery
            return first.delivery
        }
        return nil
    }

    /// Notes what became of a message; nil when nobody can say.
    mutating func finish(_ delivery: SubscriptionDelivery, _ verdict: SubscriptionVerdict?) {
        let stream = delivery.event.stream
        working[stream] = nil
        if let verdict { settlements.append(delivery.settled(verdict)) }
        if verdict?.isSettled == true {
            if queues[stream] != nil { ready.append(stream) }
        } else {
            // The store takes back what is behind it.
            queues[stream] = nil
            if verdict == nil { isUnsure = true } else { failed.insert(stream) }
        }
    }

    /// Lets go of what nobody works on.
    mutating func dropQueued() {
        if !queues.isEmpty { isUnsure = true }
        queues = [:]
        ready = []
    }

    /// Hands over what is to be told to the store.
    mutating func report() -> Report {
        defer {
            settlements = []
            isUnsure = false
        }
        let queued = queues.values.lazy.flatMap { $0.map(\.delivery.receipt) }
        return Report(
            settlements: settlements, holding: Set(queued).union(working.values.map(\.receipt)), failed: failed,
            isUnsure: isUnsure)
    }

    /// The store has answered the report.
    mutating func accepted(_ report: Report) { failed.subtract(report.failed) }

    /// Nobody knows whether the report has arrived: it has to be handed over again.
    mutating func lost(_ report: Report) {
        settlements = report.settlements + settlements
        isUnsure = true
    }
}
