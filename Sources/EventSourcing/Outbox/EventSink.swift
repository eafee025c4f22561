/// Where a relay delivers events: a queue, a webhook, or any other system outside.
public protocol EventSink: Sendable {
    /// Unique among the sinks of a log: it names the relay's persistent subscription. It must stay the same for as long as
    /// the sink keeps its position in the log.
    var name: String { get }
    /// Which events it receives.
    var filter: LogFilter { get }

    /// Delivers events.
    ///
    /// - Parameter deliveries: in the order of their positions; there may be several of a stream. When one fails, the
    ///   later ones of its stream must not be delivered before it: they get a verdict to retry.
    /// - Returns: a verdict for each, in the same order.
    func deliver(_ deliveries: [SubscriptionDelivery]) async -> [SubscriptionVerdict]
}
