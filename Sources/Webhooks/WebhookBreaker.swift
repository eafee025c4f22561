/// Spares an endpoint that fails: after some failures in a row one message at a time is tried, with growing pauses.
struct WebhookBreaker {
    /// How many messages may be tried now.
    enum Allowance: Hashable {
        case any
        /// One, to see whether the endpoint works again.
        case probe
        case none(until: ContinuousClock.Instant)
    }

    private let threshold: Int
    private let pauses: ClosedRange<Duration>
    private var failures = 0
    private var pausedUntil: ContinuousClock.Instant?

    init(threshold: Int, pauses: ClosedRange<Duration>) {
        self.threshold = threshold
        self.pauses = pauses
    }

    func allowance(at now: ContinuousClock.Instant) -> Allowance {
        if let pausedUntil, pausedUntil > now { return .none(until: pausedUntil) }
        return failures >= threshold ? .probe : .any
    }

    mutating func succeed() {
        failures = 0
        pausedUntil = nil
    }

    mutating func fail(at now: ContinuousClock.Instant) {
        failures += 1
        guard failures >= threshold else { return }
        let doubled = pauses.lowerBound * (1 << min(failures - threshold, 20))
        pause(until: now + min(doubled, pauses.upperBound))
    }

    /// Tries nothing until a time that the endpoint has asked for.
    mutating func pause(until time: ContinuousClock.Instant) { pausedUntil = max(pausedUntil ?? time, time) }
}
