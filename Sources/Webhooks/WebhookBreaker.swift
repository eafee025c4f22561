/// Spares an endpoint that fails: after some failures in a row one message at a time is tried, with growing pauses.
///
/// Times are those of the clock's `elapsed()`.
struct WebhookBreaker {
    /// How many messages may be tried now.
    enum Allowance: Hashable {
        case any
        /// One, to see whether the endpoint works again.
        case probe
        case none(until: Duration)
    }

    private let threshold: Int
    private let pauses: ClosedRange<Duration>
    private var failures = 0
    private var pausedUntil: Duration?

    init(threshold: Int, pauses: ClosedRange<Duration>) {
        self.threshold = threshold
        self.pauses = pauses
    }

    func allowance(at now: Duration) -> Allowance {
        if let pausedUntil, pausedUntil > now { return .none(until: pausedUntil) }
        return failures >= threshold ? .probe : .any
    }

    mutating func succeed() {
        failures = 0
        pausedUntil = nil
    }

    mutating func fail(at now: Duration) {
        failures += 1
        guard failures >= threshold else { return }
        let doubled = pauses.lowerBound * (1 << min(failures - threshold, 20))
        pause(until: now + min(doubled, pauses.upperBound))
    }

    /// Tries nothing until a time that the endpoint has asked for.
    mutating func pause(until time: Duration) { pausedUntil = max(pausedUntil ?? time, time) }
}
