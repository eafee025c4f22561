/// What a consumer has in hand: the messages of each stream in their order. They are worked on one of a stream at a time,
/// or in batches.
///
/// Pure bookkeeping; ``SubscriptionSession`` does the calls.
struct ConsumerBuffer {
    private struct Held {
        let delivery: SubscriptionDelivery
        /// As ``ServiceClock/elapsed()`` tells it, like all times here.
        let expiry: Duration
    }

    /// What one exchange hands in.
    struct Report {
        let settlements: [SubscriptionSettlement]
        /// All receipts in hand if the store has to know them, otherwise nil.
        let holding: Set<SubscriptionReceipt>?
        /// The streams with a failure among the settlements.
        let failed: Set<StreamName>
    }

    private var queues: [StreamName: [Held]] = [:]
    /// Streams with a queue and nothing at work, in the order in which they came.
    private var ready: [StreamName] = []
    private var working: [StreamName: [SubscriptionDelivery]] = [:]
    private var settlements: [SubscriptionSettlement] = []
    /// Streams with a failure that the store does not know of: what it hands out of them comes too early.
    private var failed = Set<StreamName>()
    /// The store may believe that there is something in hand that is not.
    private(set) var isUnsure = false

    /// How many messages are in hand.
    var count: Int { queuedCount + workingCount }
    var queuedCount: Int { queues.values.reduce(0) { $0 + $1.count } }
    var workingCount: Int { working.values.reduce(0) { $0 + $1.count } }
    var settlementCount: Int { settlements.count }

    /// Takes in what was handed out.
    ///
    /// - Parameter expiry: from when on the store may hand it to others.
    mutating func add(_ deliveries: [SubscriptionDelivery], expiry: Duration) {
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
    mutating func start(at now: Duration) -> SubscriptionDelivery? {
        while let stream = ready.first {
            ready.removeFirst()
            guard let queue = queues.removeValue(forKey: stream), let first = queue.first else { continue }
            guard first.expiry > now else {
                isUnsure = true
                continue
            }
            if queue.count > 1 { queues[stream] = Array(queue.dropFirst()) }
            working[stream] = [first.delivery]
            return first.delivery
        }
        return nil
    }

    /// The messages to work on together, in the order of their positions: everything that is queued in free streams.
    mutating func startBatch(at now: Duration) -> [SubscriptionDelivery] {
        var batch: [SubscriptionDelivery] = []
        for stream in ready {
            guard let queue = queues.removeValue(forKey: stream) else { continue }
            let valid = queue.prefix { $0.expiry > now }.map(\.delivery)
            if valid.count < queue.count { isUnsure = true }
            if !valid.isEmpty { working[stream] = valid }
            batch += valid
        }
        ready = []
        batch.sort { $0.event.position < $1.event.position }
        return batch
    }

    /// Notes what became of a message; nil when nobody can say.
    mutating func finish(_ delivery: SubscriptionDelivery, _ verdict: SubscriptionVerdict?) {
        finish([delivery], [verdict])
    }

    /// Notes what became of a batch, in its order.
    ///
    /// Behind a failure in its stream, only those that were handled all the same are settled: the store takes the others
    /// back, and none of their attempts is counted.
    mutating func finish(_ batch: [SubscriptionDelivery], _ verdicts: [SubscriptionVerdict?]) {
        var freed: [StreamName] = []
        for (delivery, verdict) in zip(batch, verdicts) {
            let stream = delivery.event.stream
            if working.removeValue(forKey: stream) != nil { freed.append(stream) }
            if let verdict, verdict.isSettled || !failed.contains(stream) {
                settlements.append(delivery.settled(verdict))
            }
            guard verdict?.isSettled != true else { continue }
            queues[stream] = nil
            if verdict == nil { isUnsure = true } else { failed.insert(stream) }
        }
        ready += freed.lazy.filter { queues[$0] != nil }
    }

    /// Lets go of what nobody works on.
    mutating func dropQueued() {
        if !queues.isEmpty { isUnsure = true }
        queues = [:]
        ready = []
    }

    /// Lets go of everything, also of what is at work.
    mutating func dropAll() {
        if !working.isEmpty { isUnsure = true }
        working = [:]
        dropQueued()
    }

    /// Hands over what is to be told to the store.
    ///
    /// - Parameter listing: whether to list what is in hand even if the store knows it.
    mutating func report(listing: Bool = false) -> Report {
        defer {
            settlements = []
            isUnsure = false
        }
        guard isUnsure || listing else { return Report(settlements: settlements, holding: nil, failed: failed) }
        let queued = queues.values.lazy.flatMap { $0.map(\.delivery.receipt) }
        let atWork = working.values.lazy.flatMap { $0.map(\.receipt) }
        return Report(settlements: settlements, holding: Set(queued).union(atWork), failed: failed)
    }

    /// The store has answered the report.
    mutating func accepted(_ report: Report) { failed.subtract(report.failed) }

    /// Nobody knows whether the report has arrived: it has to be handed over again.
    mutating func lost(_ report: Report) {
        settlements = report.settlements + settlements
        isUnsure = true
    }
}
