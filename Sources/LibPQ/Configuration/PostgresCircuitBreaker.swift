/// When a client that cannot connect stops making its callers wait.
///
/// Attempts to connect are repeated after pauses that double from 50 ms. After so many failures in a row, or when a
/// request has waited for ``PostgresConfiguration/connectTimeout`` in vain, the breaker opens: requests that need a new
/// connection fail at once with ``PostgresError/Code/connection``, while the client probes with one attempt at a time.
/// The first that succeeds closes it.
public struct PostgresCircuitBreaker: Sendable, Hashable {
    /// How many attempts in a row have to fail. Attempts that ran at the same time count as one.
    public var failureThreshold: Int
    /// The longest pause between two probes while it is open; it is shortened at random by up to a half.
    public var probeInterval: Duration

    /// Opens after so many failures in a row, and probes at this interval.
    public init(failureThreshold: Int = 8, probeInterval: Duration = .seconds(5)) {
        precondition(failureThreshold > 0, "a breaker opens after one failure at least")
        self.failureThreshold = failureThreshold
        self.probeInterval = probeInterval
    }
}
