import EventSourcing
import Synchronization

/// A sink that notes what it is handed, and answers as it is told.
final class RecordingSink: EventSink {
    struct Down: Error, CustomStringConvertible { let description = "nobody answers" }

    let name: String
    let filter: LogFilter
    let delivered = Handled()
    private let calls = Mutex<[[SubscriptionDelivery]]>([])
    private let verdict: @Sendable (SubscriptionDelivery) -> SubscriptionVerdict
    private let down = Mutex(false)

    init(
        _ name: String = "sink", filter: LogFilter = .all,
        verdict: @escaping @Sendable (SubscriptionDelivery) -> SubscriptionVerdict = { _ in .acknowledge }
    ) {
        self.name = name
        self.filter = filter
        self.verdict = verdict
    }

    /// Everything that was handed in, call by call.
    var all: [[SubscriptionDelivery]] { calls.withLock { $0 } }

    /// Whether it takes nothing.
    var isDown: Bool {
        get { down.withLock { $0 } }
        set { down.withLock { $0 = newValue } }
    }

    func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
        calls.withLock { $0.append(deliveries) }
        if isDown { throw Down() }
        var failed = Set<StreamName>()
        return deliveries.map { delivery in
            guard !failed.contains(delivery.event.stream) else { return .retry(reason: "behind a failure") }
            let verdict = verdict(delivery)
            if verdict == .acknowledge { delivered.add(delivery.event) } else { failed.insert(delivery.event.stream) }
            return verdict
        }
    }
}
