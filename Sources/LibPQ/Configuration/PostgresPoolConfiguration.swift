/// How many connections a client may have, and how long requests wait for them.
public struct PostgresPoolConfiguration: Sendable {
    /// Connections that ``PostgresClient/query(_:timeout:)`` shares.
    public var readConnections: Int
    /// Connections that ``PostgresClient/execute(_:timeout:)`` shares.
    public var writeConnections: Int
    /// The most connections that are lent out at once to transactions and `withConnection`.
    public var leasedConnections: Int
    /// How long a task waits for a leased connection.
    public var leaseTimeout: Duration
    /// The most requests that wait unsent, of each kind: reads, writes, leases.
    public var waitingRequests: Int
    /// A connection that was silent this long is probed, and closed if it does not answer.
    public var healthCheckInterval: Duration
    /// When requests fail at once instead of waiting for a server that is away.
    public var circuitBreaker: PostgresCircuitBreaker

    /// Makes a configuration; the properties say what each number is.
    public init(
        readConnections: Int = 2, writeConnections: Int = 2, leasedConnections: Int = 8,
        leaseTimeout: Duration = .seconds(5), waitingRequests: Int = 10_000,
        healthCheckInterval: Duration = .seconds(30), circuitBreaker: PostgresCircuitBreaker = PostgresCircuitBreaker()
    ) {
        precondition(
            readConnections > 0 && writeConnections > 0 && leasedConnections > 0,
            "a pool needs connections of each kind")
        self.readConnections = readConnections
        self.writeConnections = writeConnections
        self.leasedConnections = leasedConnections
        self.leaseTimeout = leaseTimeout
        self.waitingRequests = waitingRequests
        self.healthCheckInterval = healthCheckInterval
        self.circuitBreaker = circuitBreaker
    }
}
