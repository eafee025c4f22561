import FoundationEssentials

/// What an ``InMemorySubscriptionStore`` holds of one group. All times are handed in.
struct InMemorySubscriptionGroup {
    struct Message {
        let event: RecordedEvent
        var failures = 0
        var delivery: Delivery?
        /// When it may be tried again; nil for one that did not fail.
        var notBefore: Date?
        /// Why and when the last attempt failed.
        var lastFailure: (reason: String, at: Date)?

        struct Delivery {
            let consumer: String
            let number: Int64
            let deadline: Date
        }
    }

    var subscription: Subscription
    private(set) var startPosition: Position
    var readPosition: Position
    /// Drawn and not settled, in the order of the positions.
    var window: [Message] = []
    /// Put aside, in the order of the positions.
    var parked: [ParkedMessage] = []
    var stopped: SubscriptionInfo.Stop?
    private var exchanges: Int64 = 0
    private var settled: Int64 = 0
    private var consumers: [String: Date] = [:]

    init(_ subscription: Subscription, readPosition: Position) {
        self.subscription = subscription
        startPosition = readPosition
        self.readPosition = readPosition
    }

    private var settings: SubscriptionSettings { subscription.settings }

    /// How many events may be drawn.
    var room: Int { max(0, settings.bufferSize - window.count) }

    /// The first half of an exchange: takes back what has run out of time, then settles.
    ///
    /// - Returns: the settlements that came too late.
    mutating func settle(_ exchange: SubscriptionExchange, at now: Date) -> Set<SubscriptionReceipt> {
        consumers[exchange.consumer] = exchange.holding == [] && exchange.limit == 0 ? nil : now
        takeBackOverdue(at: now)
        let isTheirs = { (message: Message, receipt: SubscriptionReceipt) in
            message.event.position == receipt.position && message.delivery?.number == receipt.number
                && message.delivery?.consumer == exchange.consumer
        }
        var refused = Set<SubscriptionReceipt>()
        // What is done goes first: a failure takes back only what was not done in the same exchange.
        for settlement in exchange.settlements.filter(\.verdict.isSettled) {
            guard let index = window.firstIndex(where: { isTheirs($0, settlement.receipt) }) else {
                refused.insert(settlement.receipt)
                continue
            }
            window.remove(at: index)
            settled += 1
        }
        let failed = exchange.settlements.filter { !$0.verdict.isSettled }
        let inHand = failed.filter { settlement in window.contains { isTheirs($0, settlement.receipt) } }
        refused.formUnion(Set(failed.map(\.receipt)).subtracting(inHand.map(\.receipt)))
        for settlement in inHand {
            fail(settlement.receipt.position, as: settlement.verdict, at: now)
        }
        if let holding = exchange.holding {
            for index in window.indices {
                guard let delivery = window[index].delivery, delivery.consumer == exchange.consumer else { continue }
                let receipt = SubscriptionReceipt(position: window[index].event.position, number: delivery.number)
                if !holding.contains(receipt) { window[index].delivery = nil }
            }
        }
        return refused
    }

    private mutating func takeBackOverdue(at now: Date) {
        let overdue = window.filter { ($0.delivery?.deadline ?? .distantFuture) <= now }
        var streams = Set<StreamName>()
        // A consumer works on the first one of a stream; the others have only been waiting behind it.
        for message in overdue where streams.insert(message.event.stream).inserted {
            fail(message.event.position, as: .retry(reason: "it ran out of time"), at: now)
        }
    }

    private mutating func fail(_ position: Position, as verdict: SubscriptionVerdict, at now: Date) {
        guard let index = window.firstIndex(where: { $0.event.position == position }) else { return }
        let stream = window[index].event.stream
        for later in window.indices where later >= index && window[later].event.stream == stream {
            window[later].delivery = nil
        }
        switch verdict {
        case .acknowledge, .skip:
            break
        case .retry(let delay, let reason):
            window[index].failures += 1
            window[index].lastFailure = (reason, now)
            let delay = delay ?? settings.delay(afterFailures: window[index].failures)
            window[index].notBefore = now.addingTimeInterval(delay / .seconds(1))
            if window[index].failures >= settings.maxAttempts { park(index, reason: reason, at: now) }
        case .park(let reason):
            window[index].failures += 1
            park(index, reason: reason, at: now)
        case .stop(let reason):
            stop(reason, at: now)
        }
    }

    private mutating func park(_ index: Int, reason: String, at now: Date) {
        let message = window.remove(at: index)
        putAside(message.event, .parked(attempts: message.failures, reason: reason, at: now))
        guard settings.parkedStream == .waits else { return }
        let isBehind = { (other: Message) in
            other.event.stream == message.event.stream && other.event.position > message.event.position
        }
        for other in window.filter(isBehind) { putAside(other.event, .waits) }
        window.removeAll(where: isBehind)
        for index in parked.indices where parked[index].state == .returns {
            let event = parked[index].event
            guard event.stream == message.event.stream, event.position > message.event.position else { continue }
            parked[index] = ParkedMessage(event: event, state: .waits)
        }
    }

    mutating func stop(_ reason: String, at now: Date) {
        if stopped == nil { stopped = SubscriptionInfo.Stop(reason: reason, since: now) }
    }

    /// The second half of an exchange: takes in what was drawn, up to a position, then hands out.
    mutating func handOut(_ exchange: SubscriptionExchange, at now: Date) -> [SubscriptionDelivery] {
        guard stopped == nil, exchange.limit > 0 else { return [] }
        exchanges += 1
        let number = exchanges
        let busy = Set(
            window.filter { message in
                message.delivery.map { $0.consumer != exchange.consumer } ?? ((message.notBefore ?? now) > now)
            }.map(\.event.stream))
        let free = window.indices.filter { window[$0].delivery == nil && !busy.contains(window[$0].event.stream) }
        let deadline = now.addingTimeInterval(settings.messageTimeout / .seconds(1))
        return free.prefix(exchange.limit).map { index in
            window[index].notBefore = nil
            window[index].delivery = .init(consumer: exchange.consumer, number: number, deadline: deadline)
            return SubscriptionDelivery(
                event: window[index].event, attempt: window[index].failures + 1, number: number)
        }
    }
}

extension InMemorySubscriptionGroup {
    /// Takes events in, each behind those of its stream that are parked.
    mutating func draw(_ events: [RecordedEvent], upTo position: Position) {
        let waiting = settings.parkedStream == .waits ? parkedStreams : [:]
        for event in events {
            if let state = waiting[event.stream] {
                putAside(event, state)
            } else {
                window.append(Message(event: event))
            }
        }
        readPosition = position
    }

    /// Moves what was given back by an administrator into the buffer, as far as there is room.
    mutating func drawReturning() {
        let returning = parked.filter { $0.state == .returns }.prefix(room)
        guard !returning.isEmpty else { return }
        let positions = Set(returning.map(\.event.position))
        parked.removeAll { positions.contains($0.event.position) }
        window += returning.map { Message(event: $0.event) }
        window.sort { $0.event.position < $1.event.position }
    }

    /// Goes on behind a position: what was drawn behind it comes again.
    mutating func reset(to position: Position) {
        window.removeAll { $0.event.position > position }
        parked.removeAll { $0.event.position > position }
        readPosition = position
        startPosition = min(startPosition, position)
    }

    /// Whether nothing is left but what this consumer has in hand.
    func isDrained(for consumer: String) -> Bool {
        stopped != nil
            || window.allSatisfy { $0.delivery?.consumer == consumer } && !parked.contains { $0.state == .returns }
    }

    /// Gives parked messages back, and what waited behind them; tells how many.
    mutating func replay(_ selection: ParkedSelection) -> Int {
        let before = parked.count { $0.state == .returns }
        for index in parked.indices where parked[index].isParked && selection.names(parked[index].event) {
            parked[index] = ParkedMessage(event: parked[index].event, state: .returns)
        }
        returnUnblocked()
        return parked.count { $0.state == .returns } - before
    }

    /// Settles parked messages; tells how many.
    mutating func skip(_ selection: ParkedSelection) -> Int {
        let before = parked.count
        parked.removeAll { $0.isParked && selection.names($0.event) }
        let skipped = before - parked.count
        settled += Int64(skipped)
        returnUnblocked()
        return skipped
    }

    /// What no longer has a parked one before it in its stream comes back.
    mutating func returnUnblocked() {
        var blocked = Set<StreamName>()
        for index in parked.indices {
            let event = parked[index].event
            if parked[index].isParked, settings.parkedStream == .waits { blocked.insert(event.stream) }
            if parked[index].state == .waits, !blocked.contains(event.stream) {
                parked[index] = ParkedMessage(event: event, state: .returns)
            }
        }
    }

    /// The streams of parked messages, and what a new event of theirs does behind them.
    private var parkedStreams: [StreamName: ParkedMessage.State] {
        parked.reduce(into: [StreamName: ParkedMessage.State]()) { states, message in
            let isFree = message.state == .returns && states[message.event.stream] ?? .returns == .returns
            states[message.event.stream] = isFree ? .returns : .waits
        }
    }

    private mutating func putAside(_ event: RecordedEvent, _ state: ParkedMessage.State) {
        let index = parked.firstIndex { $0.event.position > event.position } ?? parked.endIndex
        parked.insert(ParkedMessage(event: event, state: state), at: index)
    }

    func info(head: Position, at now: Date) -> SubscriptionInfo {
        let held = window.reduce(into: [String: Int]()) { held, message in
            if let consumer = message.delivery?.consumer { held[consumer, default: 0] += 1 }
        }
        let recent = consumers.filter { $0.value > now.addingTimeInterval(-30) }.mapValues { _ in 0 }
        return SubscriptionInfo(
            id: subscription.id, readPosition: readPosition, lag: max(0, head.rawValue - readPosition.rawValue),
            waiting: window.count { $0.delivery == nil && $0.notBefore ?? now <= now },
            inFlight: window.count { $0.delivery != nil },
            retrying: window.count { $0.delivery == nil && $0.notBefore ?? now > now },
            parked: parked.count { $0.isParked }, held: parked.count { !$0.isParked },
            oldestUnsettled: window.first?.event.recordedAt, settled: settled,
            consumers: recent.merging(held) { $1 }, stopped: stopped)
    }
}

extension InMemorySubscriptionGroup {
    /// The unsettled events, as records; those of the log behind the read position are pending, too.
    var records: [OutboxRecord] {
        let drawn = window.map { message in
            OutboxRecord(
                message.event, .pending, attempts: message.failures, updatedAt: message.lastFailure?.at,
                lastError: message.lastFailure?.reason)
        }
        let aside = parked.map { message in
            guard case .parked(let attempts, let reason, let time) = message.state else {
                return OutboxRecord(message.event, .pending)
            }
            return OutboxRecord(message.event, .failed, attempts: attempts, updatedAt: time, lastError: reason)
        }
        return (drawn + aside).sorted { $0.id < $1.id }
    }
}

extension ParkedMessage {
    fileprivate var isParked: Bool {
        if case .parked = state { true } else { false }
    }
}

extension ParkedSelection {
    fileprivate func names(_ event: RecordedEvent) -> Bool {
        switch self {
        case .all: true
        case .stream(let stream): event.stream == stream
        case .message(let position): event.position == position
        }
    }
}
