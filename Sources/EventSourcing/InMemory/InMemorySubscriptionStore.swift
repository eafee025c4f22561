public import FoundationEssentials
import Synchronization

/// Persistent subscriptions in memory, for tests and demonstrations, on any log.
public final class InMemorySubscriptionStore: SubscriptionStore {
    private let reader: any EventReader
    private let groups = Mutex<[SubscriptionID: InMemorySubscriptionGroup]>([:])
    private let now: @Sendable () -> Date
    private let changes = Atomic<Int64>(0)

    /// A store without groups, on the log of `reader`; `now` is the clock of time-outs and retries.
    public init(on reader: any EventReader, now: @escaping @Sendable () -> Date = { Date() }) {
        self.reader = reader
        self.now = now
    }

    /// See ``SubscriptionStore/register(_:)``.
    public func register(_ subscription: Subscription) async throws {
        let start = subscription.start.position(head: try await reader.head())
        try groups.withLock { groups in
            guard var group = groups[subscription.id] else {
                groups[subscription.id] = InMemorySubscriptionGroup(subscription, readPosition: start)
                return
            }
            guard subscription.source.isSame(as: group.subscription.source) else {
                throw SubscriptionDiffers(subscription.id)
            }
            group.subscription = subscription
            group.returnUnblocked()
            groups[subscription.id] = group
        }
    }

    /// See ``SubscriptionStore/exchange(_:in:)``.
    public func exchange(
        _ exchange: SubscriptionExchange, in id: SubscriptionID
    ) async throws -> SubscriptionHandout {
        let refused = try change(id) { group in
            let refused = group.settle(exchange, at: now())
            group.drawReturning()
            return refused
        }
        if exchange.limit > 0 { try await draw(id) }
        let (deliveries, stopReason, isDrained) = try change(id) { group in
            (group.handOut(exchange, at: now()), group.stopped?.reason, group.isDrained(for: exchange.consumer))
        }
        var handedOut: [SubscriptionDelivery] = []
        for delivery in deliveries {
            handedOut.append(
                SubscriptionDelivery(
                    event: try await current(delivery.event), attempt: delivery.attempt,
                    number: delivery.receipt.number))
        }
        return SubscriptionHandout(
            deliveries: handedOut, refused: refused, stopReason: stopReason, isDrained: isDrained)
    }

    /// The event as it is in the log now: it may have been redacted since it was drawn.
    private func current(_ event: RecordedEvent) async throws -> RecordedEvent {
        let before = Position(event.position.rawValue - 1)
        return try await reader.readLog(after: before, .forwards, matching: .all, limit: 1).first ?? event
    }

    /// Draws a page of the log, unless somebody else does so meanwhile.
    private func draw(_ id: SubscriptionID) async throws {
        let group = try change(id) { $0 }
        guard group.room > 0, group.stopped == nil else { return }
        // The head first: what is appended in between is drawn the next time.
        let head = try await reader.head()
        let page = try await page(of: group)
        let position = max(group.readPosition, page.count < group.room ? head : .start, page.last?.position ?? .start)
        try change(id) { current in
            guard current.readPosition == group.readPosition, current.room >= page.count else { return }
            current.draw(page, upTo: position)
        }
    }

    private func page(of group: InMemorySubscriptionGroup) async throws -> [RecordedEvent] {
        switch group.subscription.source {
        case .log(let filter):
            return try await reader.readLog(
                after: group.readPosition, .forwards, matching: filter, limit: group.room)
        case .stream(let stream):
            let events = try await reader.read(stream, from: nil, .forwards, limit: .max)
            return Array(events.lazy.filter { $0.position > group.readPosition }.prefix(group.room))
        }
    }

    func change<Answer>(
        _ id: SubscriptionID, _ body: (inout InMemorySubscriptionGroup) throws -> Answer
    ) throws -> Answer {
        try groups.withLock { groups in
            guard var group = groups[id] else { throw SubscriptionNotFound(id) }
            defer { groups[id] = group }
            return try body(&group)
        }
    }
}

extension InMemorySubscriptionStore: SubscriptionChanges {
    /// See ``SubscriptionChanges/subscriptionChanges()``.
    public func subscriptionChanges() async throws -> Int64 { changes.load(ordering: .relaxed) }

    private func administer<Answer>(
        _ id: SubscriptionID, _ body: (inout InMemorySubscriptionGroup) throws -> Answer
    ) throws -> Answer {
        defer { changes.add(1, ordering: .relaxed) }
        return try change(id, body)
    }
}

extension InMemorySubscriptionStore: SubscriptionAdministration {
    /// See ``SubscriptionAdministration/subscriptions()``.
    public func subscriptions() async throws -> [SubscriptionInfo] {
        let head = try await reader.head()
        return groups.withLock { groups in
            groups.values.map { $0.info(head: head, at: now()) }.sorted { $0.id.description < $1.id.description }
        }
    }

    /// See ``SubscriptionAdministration/info(_:)``.
    public func info(_ id: SubscriptionID) async throws -> SubscriptionInfo {
        let head = try await reader.head()
        return try change(id) { $0.info(head: head, at: now()) }
    }

    /// See ``SubscriptionAdministration/parked(in:after:limit:)``.
    public func parked(in id: SubscriptionID, after position: Position, limit: Int) async throws -> [ParkedMessage] {
        try change(id) { Array($0.parked.lazy.filter { $0.event.position > position }.prefix(limit)) }
    }

    /// See ``SubscriptionAdministration/replay(_:in:)``.
    public func replay(_ selection: ParkedSelection, in id: SubscriptionID) async throws -> Int {
        try administer(id) { $0.replay(selection) }
    }

    /// See ``SubscriptionAdministration/skip(_:in:)``.
    public func skip(_ selection: ParkedSelection, in id: SubscriptionID) async throws -> Int {
        try administer(id) { $0.skip(selection) }
    }

    /// See ``SubscriptionAdministration/stop(_:reason:)``.
    public func stop(_ id: SubscriptionID, reason: String) async throws {
        try administer(id) { $0.stop(reason, at: now()) }
    }

    /// See ``SubscriptionAdministration/resume(_:)``.
    public func resume(_ id: SubscriptionID) async throws {
        try administer(id) { $0.stopped = nil }
    }

    /// See ``SubscriptionAdministration/reset(_:to:)``.
    public func reset(_ id: SubscriptionID, to start: SubscriptionStart) async throws -> Position {
        let head = try await reader.head()
        return try administer(id) { group in
            group.reset(to: min(start.position(head: head), head))
            return group.readPosition
        }
    }

    /// See ``SubscriptionAdministration/remove(_:)``.
    public func remove(_ id: SubscriptionID) async throws {
        try groups.withLock { groups in
            guard groups.removeValue(forKey: id) != nil else { throw SubscriptionNotFound(id) }
        }
        changes.add(1, ordering: .relaxed)
    }
}

extension InMemorySubscriptionStore: OutboxAdministration {
    /// See ``OutboxAdministration/records(_:of:after:limit:)``.
    public func records(
        _ status: OutboxStatus, of id: SubscriptionID, after position: Position, limit: Int
    ) async throws -> [OutboxRecord] {
        let group = try change(id) { $0 }
        let unsettled = group.records
        var records = unsettled.filter { $0.status == status }
        if status != .failed, case .log(let filter) = group.subscription.source {
            let known = Set(unsettled.map(\.id))
            let log = try await reader.readLog(
                after: group.startPosition, .forwards, matching: filter, limit: .max)
            let isWanted = { (event: RecordedEvent) in
                (event.position <= group.readPosition) == (status == .published) && !known.contains(event.position)
            }
            records += log.filter(isWanted).map { OutboxRecord($0, status) }
        }
        return Array(records.filter { $0.id > position }.sorted { $0.id < $1.id }.prefix(limit))
    }
}
