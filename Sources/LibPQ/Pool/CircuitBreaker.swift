/// Decides for all connections of a client when an attempt to connect may be made, and when there is no use in waiting
/// for one; see ``PostgresCircuitBreaker``.
struct CircuitBreaker {
    typealias Instant = ContinuousClock.Instant

    enum State: Hashable {
        /// Connections can be made, as far as is known, or are tried again soon.
        case closed
        /// The server cannot be reached; the next probe is due at some time.
        case open
        /// A probe is under way.
        case halfOpen
    }

    let settings: PostgresCircuitBreaker
    private(set) var lastFailure: (error: PostgresError, isFinal: Bool)?
    private var failures = 0
    private var attempts = 0
    private var nextAttempt: Instant?
    private var isOpen = false

    init(_ settings: PostgresCircuitBreaker) { self.settings = settings }

    var state: State { isOpen ? (attempts > 0 ? .halfOpen : .open) : .closed }

    /// The last attempt failed, and none has succeeded since.
    var isFailing: Bool { failures > 0 }

    /// The last attempt failed in a way that trying again does not mend.
    var hasPermanentFailure: Bool { lastFailure?.isFinal ?? false }

    /// When the next attempt may be made, if it has to wait and nothing is under way.
    var nextDeadline: Instant? { isFailing && attempts == 0 ? nextAttempt : nil }

    /// Whether to start an attempt now. As long as attempts fail, it is one at a time.
    mutating func begin(at now: Instant) -> Bool {
        guard !isFailing || attempts == 0 && (nextAttempt.map { $0 <= now } ?? true) else { return false }
        attempts += 1
        return true
    }

    mutating func succeeded() {
        attempts -= 1
        failures = 0
        nextAttempt = nil
        lastFailure = nil
        isOpen = false
    }

    /// An attempt has failed: whether the breaker has opened because of that.
    /// - Parameter jitter: a random number from 0 to 1, so that clients do not come back all at once.
    mutating func failed(_ error: PostgresError, isFinal: Bool, at now: Instant, jitter: Double) -> Bool {
        attempts -= 1
        lastFailure = (error, isFinal)
        // What fails before the pause is over was begun together with what has failed already.
        if let nextAttempt, now < nextAttempt { return false }
        failures += 1
        let opens = !isOpen && failures >= settings.failureThreshold
        isOpen = isOpen || opens
        let backOff = Duration.milliseconds(min(50 << min(failures - 1, 10), 5000))
        nextAttempt = now + (isOpen ? settings.probeInterval : backOff) * (0.5 + jitter / 2)
        return opens
    }

    /// Records that a request has waited for a connection until its timeout; returns whether that opens the breaker.
    mutating func requestTimedOut() -> Bool {
        defer { isOpen = isOpen || isFailing }
        return isFailing && !isOpen
    }

    /// The error for requests that need a connection, when waiting is of no use.
    func refusal(at now: Instant) -> PostgresError? {
        guard let lastFailure else { return nil }
        if lastFailure.isFinal, attempts == 0 { return lastFailure.error }
        guard isOpen else { return nil }
        let probe =
            if attempts == 0, let nextAttempt {
                "the next attempt is in \(max(0, (nextAttempt - now).milliseconds)) ms"
            } else {
                "another attempt is under way"
            }
        return PostgresError(
            lastFailure.error.code, "\(lastFailure.error.message) (the circuit breaker is open; \(probe))")
    }
}
