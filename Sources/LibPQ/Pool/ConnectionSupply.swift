/// Counts the connections of a kind, and decides when another is wanted and how long to wait for the first.
struct ConnectionSupply {
    typealias Instant = ContinuousClock.Instant

    let limit: Int
    /// How long requests wait while not one connection can be had.
    let timeout: Duration
    private(set) var open = 0
    private(set) var connecting = 0
    private var outageSince: Instant?

    init(limit: Int, timeout: Duration) {
        self.limit = limit
        self.timeout = timeout
    }

    var canGrow: Bool { open + connecting < limit }

    /// When the wait times out, while there is demand.
    var nextDeadline: Instant? { outageSince.map { $0 + timeout } }

    /// Whether to start an attempt, when `demand` more connections would be used.
    func wantsConnection(demand: Int) -> Bool { demand > connecting && canGrow }

    mutating func began() { connecting += 1 }

    mutating func connected() {
        connecting -= 1
        open += 1
        outageSince = nil
    }

    mutating func failed() { connecting -= 1 }

    mutating func lost() { open -= 1 }

    /// Whether requests have waited for a first connection as long as the timeout. Later requests start a new wait.
    mutating func hasTimedOut(demand: Int, at now: Instant) -> Bool {
        guard demand > 0, open == 0 else {
            outageSince = nil
            return false
        }
        let since = outageSince ?? now
        outageSince = since
        guard since + timeout <= now else { return false }
        outageSince = nil
        return true
    }
}
