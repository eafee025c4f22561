public import FoundationEssentials
import Synchronization

/// How a relay is doing.
public enum RelayState: Hashable, Sendable {
    case running
    /// The sink as a whole takes nothing; the relay tries again until it does.
    case unavailable(reason: String, since: Date)
    /// The subscription hands out nothing until an administrator resumes it.
    case stopped(reason: String)
}

/// What a relay knows of its sink and its subscription.
final class RelayProgress: Sendable {
    private struct Known {
        var outage: (reason: String, since: Date)?
        var failures = 0
        var stopReason: String?
        var lastExchange: Duration?
        var lastCount = 0
    }

    private let known = Mutex(Known())

    var state: RelayState {
        known.withLock { known in
            if let reason = known.stopReason { return .stopped(reason: reason) }
            return known.outage.map { .unavailable(reason: $0.reason, since: $0.since) } ?? .running
        }
    }

    /// The number of failed attempts since the sink last accepted a delivery.
    var failures: Int { known.withLock { $0.failures } }

    /// When the store was called last, as the relay's clock measures, and how many messages it handed out.
    var lastExchange: (at: Duration, count: Int)? {
        known.withLock { known in known.lastExchange.map { ($0, known.lastCount) } }
    }

    func exchangeBegins(at time: Duration) { known.withLock { $0.lastExchange = time } }

    func note(_ handout: SubscriptionHandout) {
        known.withLock { known in
            known.stopReason = handout.stopReason
            known.lastCount = handout.deliveries.count
        }
    }

    /// The sink takes nothing.
    ///
    /// - Returns: whether this is news.
    func fail(_ reason: String, at time: Date) -> Bool {
        known.withLock { known in
            known.failures += 1
            known.outage = (reason, known.outage?.since ?? time)
            return known.failures == 1
        }
    }

    /// The sink has taken something.
    ///
    /// - Returns: since when it had not; nil when this is no news.
    func recover() -> Date? {
        known.withLock { known in
            defer {
                known.failures = 0
                known.outage = nil
            }
            return known.outage?.since
        }
    }
}
