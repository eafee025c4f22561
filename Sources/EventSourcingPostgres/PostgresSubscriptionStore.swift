public import EventSourcing
import FoundationEssentials
public import LibPQ

/// Persistent subscriptions in the database of the event store, by a client that has the role
/// ``PostgresEventStore/serviceRole``. See <doc:Subscriptions>.
///
/// The exchanges of one group wait for each other. A busy group had better have a client of its own, so that the appends
/// of the process do not wait with them.
public struct PostgresSubscriptionStore: SubscriptionStore {
    private let client: PostgresClient
    private let tail: LogTail?

    /// - Parameter tail: that of the event store of this process. What is in it is not read back from the database.
    public init(_ client: PostgresClient, tail: LogTail? = nil) {
        self.client = client
        self.tail = tail
    }

    /// See ``/EventSourcing/SubscriptionStore/register(_:)``.
    public func register(_ subscription: Subscription) async throws {
        let (id, settings) = (subscription.id, subscription.settings)
        let (stream, filter) =
            switch subscription.source {
            case .stream(let stream): (stream as StreamName?, LogFilter(tenant: stream.tenant))
            case .log(let filter): (nil, filter)
            }
        // Sorted, so that the same source is the same row.
        let types = filter.types?.sorted { $0.rawValue < $1.rawValue }
        let rows = try await repeatingWhenUnknown {
            try await client.execute(
                Self.register.call(naming: [
                    "tenant": id.tenantColumn, "name": id.name, "start_position": subscription.start.positionColumn,
                    "stream": stream?.rawValue,
                    "of_tenant": filter.tenant?.rawValue, "categories": filter.categories?.map(\.rawValue).sorted(),
                    "types": types?.map(\.rawValue),
                    "present_types": types?.map { filter.presentName(of: $0).rawValue },
                    "type_prefixes": filter.typePrefixes?.map(\.rawValue).sorted(),
                    "buffer_size": Int64(settings.bufferSize),
                    "message_timeout_ms": settings.messageTimeout.wholeMilliseconds,
                    "max_attempts": Int32(settings.maxAttempts),
                    "retry_delays_ms": settings.retryDelays.map(\.wholeMilliseconds),
                    "holds_back": settings.parkedStream == .waits,
                ]))
        }
        guard try rows.first?.decode(Bool.self) == true else { throw SubscriptionDiffers(id) }
    }

    /// See ``/EventSourcing/SubscriptionStore/exchange(_:in:)``.
    ///
    /// - Throws: also `PostgresError`. When that means an unknown outcome, say in the next exchange what is in hand.
    public func exchange(
        _ exchange: SubscriptionExchange, in id: SubscriptionID
    ) async throws -> SubscriptionHandout {
        let done = exchange.settlements.filter { Failure($0) == nil }.map(\.receipt)
        let failed = exchange.settlements.compactMap(Failure.init)
        let holding = exchange.holding.map(Array.init)
        let span = tail?.span
        let rows = try await client.execute(
            Self.exchange.call(naming: [
                "tenant": id.tenantColumn, "name": id.name, "consumer": exchange.consumer,
                "max_messages": Int64(exchange.limit), "done_positions": done.map(\.position.rawValue),
                "done_numbers": done.map(\.number), "failed_positions": failed.map(\.receipt.position.rawValue),
                "failed_numbers": failed.map(\.receipt.number), "verdicts": failed.map(\.verdict),
                "delays_ms": failed.map(\.delay), "reasons": failed.map(\.reason),
                "holding_positions": holding?.map(\.position.rawValue), "holding_numbers": holding?.map(\.number),
                "tail_after": span?.after.rawValue, "tail_end": span?.end.rawValue,
            ]))
        guard let header = rows.first else { throw SubscriptionNotFound(id) }
        let refused = zip(
            try header[13].decode([Int64]?.self) ?? [], try header[14].decode([Int64]?.self) ?? [])
        let fromTail = try await deliveries(inTail: header)
        let read = try rows.dropFirst().map { row in
            SubscriptionDelivery(
                event: try RecordedEvent(row), attempt: Int(try row[12].decode(Int32.self)),
                number: try row[11].decode(Int64.self))
        }
        return SubscriptionHandout(
            deliveries: fromTail.isEmpty
                ? read : (read + fromTail).sorted { $0.event.position < $1.event.position },
            refused: Set(refused.map { SubscriptionReceipt(position: Position($0), number: $1) }),
            stopReason: try header[15].decode(String?.self), isDrained: try header[16].decode(Bool.self))
    }

    /// The messages of which the database has only told the ids, since the tail has had their events when it was asked. What
    /// has left the tail since then, or is another event there, is read.
    private func deliveries(inTail header: PostgresRow) async throws -> [SubscriptionDelivery] {
        guard let tail, let positions = try header[17].decode([Int64]?.self), !positions.isEmpty,
            let ids = try header[18].decode([UUID]?.self)
        else { return [] }
        let number = try header[11].decode(Int64.self)
        var deliveries: [SubscriptionDelivery] = []
        deliveries.reserveCapacity(positions.count)
        let known = tail.events(at: positions.lazy.map(Position.init))
        for (index, event) in known.enumerated() {
            if let event, event.id == ids[index] {
                deliveries.append(SubscriptionDelivery(event: event, attempt: 1, number: number))
            } else {
                let row = try await client.query(ReadEvents.log, positions[index] - 1 as Int64?, false, Int64(1))[0]
                deliveries.append(SubscriptionDelivery(event: try RecordedEvent(row), attempt: 1, number: number))
            }
        }
        return deliveries
    }

    /// A settlement that is not done with its message, as the columns of the function.
    private struct Failure {
        let receipt: SubscriptionReceipt
        let verdict: String
        let delay: Int64?
        let reason: String

        init?(_ settlement: SubscriptionSettlement) {
            receipt = settlement.receipt
            switch settlement.verdict {
            case .acknowledge, .skip: return nil
            case .retry(let after, let reason):
                (verdict, delay, self.reason) = ("retry", after?.wholeMilliseconds, reason)
            case .park(let reason): (verdict, delay, self.reason) = ("park", nil, reason)
            case .stop(let reason): (verdict, delay, self.reason) = ("stop", nil, reason)
            }
        }
    }

    private static let register = PostgresStatement(
        """
        select event_store.register_subscription(
            :tenant, :name, :start_position, :stream, :of_tenant, :categories, :types, :present_types,
            :type_prefixes, :buffer_size, :message_timeout_ms, :max_attempts, :retry_delays_ms, :holds_back)
        """)

    private static let exchange = PostgresStatement(
        """
        select * from event_store.exchange_subscription_messages(
            :tenant, :name, :consumer, :max_messages, :done_positions, :done_numbers,
            :failed_positions, :failed_numbers, :verdicts, :delays_ms, :reasons,
            :holding_positions, :holding_numbers, :tail_after, :tail_end)
        """)
}

extension PostgresSubscriptionStore: SubscriptionChanges {
    /// See ``/EventSourcing/SubscriptionChanges/subscriptionChanges()``.
    public func subscriptionChanges() async throws -> Int64 {
        try await client.query(Self.changes)[0].decode(Int64.self)
    }

    private static let changes = PostgresStatement("select event_store.subscription_changes()")
}

extension SubscriptionID {
    /// The tenant's column: not null, since it is part of a key.
    var tenantColumn: String { tenant?.rawValue ?? "" }
}

extension SubscriptionStart {
    /// The position before the first event; null for the end of the log.
    var positionColumn: Int64? {
        switch self {
        case .beginning: 0
        case .end: nil
        case .after(let position): position.rawValue
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up.
    var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + (components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
