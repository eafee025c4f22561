import FoundationEssentials
import Synchronization

/// The outbox of a sink on its persistent subscription, in memory or in PostgreSQL, whichever its stores are.
///
/// Added messages are appended to the log, in streams of ``category``, as events of their own type.
public final class SubscriptionOutbox: Outbox {
    /// The category of the streams of messages: one for each key.
    public static let category = "outbox.message.v1"

    private let subscription: Subscription
    private let filter: LogFilter
    private let events: any EventStore
    private let store: any SubscriptionStore
    private let consumer = UUID().text
    private let state = Mutex(State())

    private struct State {
        var isRegistered = false
        var inHand: [OutboxRecord.ID: SubscriptionDelivery] = [:]
        /// An answer was lost: the store has to be told what is in hand.
        var isUnsure = false
    }

    /// - Parameters:
    ///   - sink: names the subscription and says which events it has.
    ///   - start: where a sink begins that has no subscription yet.
    /// - Throws: ``InvalidName`` and ``InvalidSubscription``.
    public init(
        of sink: any EventSink, on events: any EventStore, _ store: any SubscriptionStore,
        from start: SubscriptionStart = .beginning, settings: SubscriptionSettings = SubscriptionSettings()
    ) throws {
        subscription = try Relay.subscription(of: sink, from: start, settings: settings)
        filter = sink.filter
        self.events = events
        self.store = store
    }

    /// See ``Outbox/add(_:)``.
    public func add(_ messages: [OutboxMessage]) async throws {
        var streams: [StreamName: [NewEvent]] = [:]
        var order: [StreamName] = []
        for message in messages {
            let stream = try StreamName(
                category: StreamCategory(Self.category), tenant: message.tenant,
                entityID: message.key ?? message.id.text)
            let event = NewEvent(
                id: message.id, type: message.type, data: message.payload, metadata: message.metadata)
            guard filter.matches(message.type, in: stream) else {
                throw OutboxMessageUnwanted(type: message.type, sink: subscription.id.name)
            }
            if streams[stream] == nil { order.append(stream) }
            streams[stream, default: []].append(event)
        }
        for tenant in Set(messages.map(\.tenant)) {
            let appends = order.filter { $0.tenant == tenant }.map { stream in
                StreamAppend(streams[stream] ?? [], to: stream, expecting: .any)
            }
            _ = try await events.append(Append(appends))
        }
    }

    /// See ``Outbox/nextBatch(limit:)``.
    public func nextBatch(limit: Int) async throws -> [OutboxRecord] {
        if !state.withLock({ $0.isRegistered }) {
            try await store.register(subscription)
            state.withLock { $0.isRegistered = true }
        }
        return try await exchange([], limit: limit).deliveries.map { delivery in
            OutboxRecord(delivery.event, .pending, attempts: delivery.attempt - 1)
        }
    }

    /// See ``Outbox/markPublished(_:)``.
    public func markPublished(_ ids: [OutboxRecord.ID]) async throws {
        try await settle(ids, as: .acknowledge)
    }

    /// See ``Outbox/markFailed(_:error:)``.
    public func markFailed(_ id: OutboxRecord.ID, error: String) async throws {
        let delivery = try await settle([id], as: .retry(reason: error)).first
        state.withLock { state in
            state.inHand = state.inHand.filter { position, other in
                other.event.stream != delivery?.event.stream || position < id
            }
        }
    }

    @discardableResult
    private func settle(
        _ ids: [OutboxRecord.ID], as verdict: SubscriptionVerdict
    ) async throws -> [SubscriptionDelivery] {
        guard !ids.isEmpty else { return [] }
        let deliveries = try state.withLock { state in
            try ids.map { id in
                guard let delivery = state.inHand[id] else { throw OutboxRecordNotTaken(id: id) }
                return delivery
            }
        }
        let refused = try await exchange(deliveries.map { $0.settled(verdict) }, limit: 0).refused
        if let late = refused.map(\.position).min() { throw OutboxRecordNotTaken(id: late) }
        return deliveries
    }

    private func exchange(_ settlements: [SubscriptionSettlement], limit: Int) async throws -> SubscriptionHandout {
        let settled = Set(settlements.map(\.receipt.position))
        let holding = state.withLock { state -> Set<SubscriptionReceipt>? in
            guard state.isUnsure else { return nil }
            return Set(state.inHand.values.lazy.map(\.receipt).filter { !settled.contains($0.position) })
        }
        let answer: SubscriptionHandout
        do {
            answer = try await store.exchange(
                SubscriptionExchange(consumer: consumer, settlements: settlements, limit: limit, holding: holding),
                in: subscription.id)
        } catch {
            state.withLock { $0.isUnsure = true }
            throw error
        }
        state.withLock { state in
            if holding != nil { state.isUnsure = false }
            for position in settled { state.inHand[position] = nil }
            for delivery in answer.deliveries { state.inHand[delivery.event.position] = delivery }
        }
        return answer
    }
}
