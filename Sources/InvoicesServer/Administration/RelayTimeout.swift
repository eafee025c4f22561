import EventSourcing

/// How long a command waits for the relays of a sink.
struct RelayTimeout {
    /// How long nothing may happen while no relay serves the sink.
    static let limit = Duration.seconds(15)

    private var latest: [Int64]
    private var movedAt: ContinuousClock.Instant

    init(_ info: SubscriptionInfo, at now: ContinuousClock.Instant) {
        latest = Self.progress(info)
        movedAt = now
    }

    /// Why the command stops waiting; nil while it goes on. A relay that asks may wait for the sink as long as it takes.
    mutating func end(_ info: SubscriptionInfo, at now: ContinuousClock.Instant) -> String? {
        let progress = Self.progress(info)
        if progress != latest || info.stopped == nil && !info.consumers.isEmpty { movedAt = now }
        latest = progress
        guard now - movedAt >= Self.limit else { return nil }
        if let stopped = info.stopped { return "it is stopped (\(stopped.reason)): resume it, and its events are sent" }
        return "no relay has asked for its events lately: start a service that serves it, and they are sent"
    }

    private static func progress(_ info: SubscriptionInfo) -> [Int64] {
        [Int64(info.pending), Int64(info.parked), info.settled]
    }
}
