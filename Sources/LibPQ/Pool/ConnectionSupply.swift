/// Decides when another connection of a kind is opened, when an attempt is repeated, and when those who wait for the
/// first one are told that there is none.
struct ConnectionSupply {
    typealias Instant = ContinuousClock.Instant

    let limit: Int
    /// How long requests wait while not one connection can be had.
    let patience: Duration
    private(set) var open = 0
    private(set) var connecting = 0
    private var failures = 0
    private var retry: Instant?
    private var outageSince: Instant?
    private var lastFailure: (error: PostgresError, isFinal: Bool)?

    init(limit: Int, patience: Duration) {
        self.limit = limit
        self.patience = patience
    }

    var canGrow: Bool { open + connecting < limit }

    /// The last attempt failed, and none has succeeded since.
    var isFailing: Bool { failures > 0 }

    /// When the decisions below may change though nothing else happens, while there is demand.
    var nextDeadline: Instant? {
        let end = outageSince.map { $0 + patience }
        let attempt = canGrow ? retry : nil
        return [end, attempt].compactMap { $0 }.min()
    }

    /// Whether to start an attempt now, when `demand` more connections would be used.
    mutating func shouldConnect(demand: Int, at now: Instant) -> Bool {
        guard demand > connecting, canGrow, retry.map({ $0 <= now }) ?? true else { return false }
        retry = nil
        connecting += 1
        return true
    }

    mutating func connected() {
        connecting -= 1
        open += 1
        failures = 0
        retry = nil
        outageSince = nil
        lastFailure = nil
    }

    mutating func lost() { open -= 1 }

    /// An attempt failed. After a final failure, such as a wrong password, patience is of no use.
    /// - Parameter jitter: a random number from 0 to 1, so that clients do not come back all at once.
    mutating func failed(_ error: PostgresError, isFinal: Bool, at now: Instant, jitter: Double) {
        connecting -= 1
        failures += 1
        lastFailure = (error, isFinal)
        let longest = Duration.milliseconds(min(50 << min(failures - 1, 10), 5000))
        retry = now + longest * (0.5 + jitter / 2)
    }

    /// The error that all who wait now are to get, if there is no connection and no use in waiting longer.
    mutating func verdict(demand: Int, at now: Instant) -> PostgresError? {
        guard demand > 0, open == 0 else {
            outageSince = nil
            return nil
        }
        if let lastFailure, lastFailure.isFinal, connecting == 0 { return lastFailure.error }
        let since = outageSince ?? now
        outageSince = since
        guard since + patience <= now else { return nil }
        outageSince = nil
        return lastFailure?.error ?? PostgresError(.connection, "no answer from the server within \(patience)")
    }
}

extension ConnectionSupply {
    /// The last attempt failed in a way that trying again does not mend.
    var isHopeless: Bool { lastFailure?.isFinal ?? false }
}
