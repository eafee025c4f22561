import CoreMetrics

/// What a client tells about itself; <doc:LibPQ> lists it. Everything carries the application's name as `client`.
///
/// Rare events are counted as they happen, times are taken once for each batch, levels and what was sent once a second
/// while there is something to do: a request by itself records nothing.
struct ClientMetrics: Sendable {
    typealias Role = PipelineConnection.Role

    /// Levels of one kind of connections.
    struct Levels: Hashable, Sendable {
        var idle = 0
        var busy = 0
        var connecting = 0
        var waiting = 0
    }

    private struct Gauges {
        let idle, busy, connecting, waiting: Gauge
    }

    let connected: Counter
    let connectFailures: Counter
    let lost: Counter
    let timeouts: Counter
    private let trips: Counter
    private let statements: Counter
    private let transactions: Counter
    private let breaker: Gauge
    private let gauges: PerRole<Gauges>
    private let roundTrips: PerRole<Timer>
    private let waits: PerRole<Timer>

    init(client: String, _ factory: any MetricsFactory) {
        func labels(_ more: (String, String)...) -> [(String, String)] { [("client", client)] + more }
        func counter(_ name: String) -> Counter { Counter(label: name, dimensions: labels(), factory: factory) }
        connected = counter("postgres.connections.made")
        connectFailures = counter("postgres.connections.failed")
        lost = counter("postgres.connections.lost")
        timeouts = counter("postgres.requests.timeouts")
        trips = counter("postgres.trips")
        statements = counter("postgres.statements")
        transactions = counter("postgres.transactions")
        breaker = Gauge(label: "postgres.breaker", dimensions: labels(), factory: factory)

        gauges = PerRole { role in
            let kind = role.rawValue
            func gauge(_ state: String) -> Gauge {
                let labels = labels(("kind", kind), ("state", state))
                return Gauge(label: "postgres.connections", dimensions: labels, factory: factory)
            }
            let waiting = Gauge(
                label: "postgres.requests.waiting", dimensions: labels(("kind", kind)), factory: factory)
            return Gauges(
                idle: gauge("idle"), busy: gauge("busy"), connecting: gauge("connecting"), waiting: waiting)
        }
        func timer(_ name: String, _ role: Role) -> Timer {
            Timer(label: name, dimensions: labels(("kind", role.rawValue)), factory: factory)
        }
        roundTrips = PerRole { timer("postgres.roundtrip", $0) }
        waits = PerRole { timer("postgres.requests.wait", $0) }
    }

    func record(_ levels: Levels, of role: Role) {
        let gauges = gauges[role]
        gauges.idle.record(levels.idle)
        gauges.busy.record(levels.busy)
        gauges.connecting.record(levels.connecting)
        gauges.waiting.record(levels.waiting)
    }

    /// What was sent since the last time.
    func record(_ spent: PostgresStatistics) {
        trips.increment(by: spent.trips)
        statements.increment(by: spent.statements)
        transactions.increment(by: spent.transactions)
    }

    func record(_ state: CircuitBreaker.State) {
        breaker.record(state == .closed ? 0 : state == .halfOpen ? 1 : 2)
    }

    /// How long a batch took from its sending to its Sync.
    func recordRoundTrip(_ time: Duration, on role: Role) {
        roundTrips[role].recordNanoseconds(time.nanoseconds)
    }

    /// How long a request waited to be sent, or a task for a lease.
    func recordWait(_ time: Duration, for role: Role) { waits[role].recordNanoseconds(time.nanoseconds) }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
