import CoreMetrics

/// What a client tells about itself; <doc:LibPQ> lists it. Everything carries the application's name as `client`.
///
/// Rare events are counted as they happen, times are taken once for each batch, and levels once a second while there
/// is something to do: a request by itself records nothing.
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
    private let breaker: Gauge
    private let gauges: [Role: Gauges]
    private let roundTrips: [Role: Timer]
    private let waits: [Role: Timer]

    init(client: String, _ factory: any MetricsFactory) {
        func labels(_ more: (String, String)...) -> [(String, String)] { [("client", client)] + more }
        func counter(_ name: String) -> Counter { Counter(label: name, dimensions: labels(), factory: factory) }
        connected = counter("postgres.connections.made")
        connectFailures = counter("postgres.connections.failed")
        lost = counter("postgres.connections.lost")
        timeouts = counter("postgres.requests.timeouts")
        breaker = Gauge(label: "postgres.breaker", dimensions: labels(), factory: factory)

        func perRole<Metric>(_ make: (String) -> Metric) -> [Role: Metric] {
            Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0, make($0.rawValue)) })
        }
        gauges = perRole { kind in
            func gauge(_ state: String) -> Gauge {
                let labels = labels(("kind", kind), ("state", state))
                return Gauge(label: "postgres.connections", dimensions: labels, factory: factory)
            }
            let waiting = Gauge(
                label: "postgres.requests.waiting", dimensions: labels(("kind", kind)), factory: factory)
            return Gauges(
                idle: gauge("idle"), busy: gauge("busy"), connecting: gauge("connecting"), waiting: waiting)
        }
        func timer(_ name: String, _ kind: String) -> Timer {
            Timer(label: name, dimensions: labels(("kind", kind)), factory: factory)
        }
        roundTrips = perRole { timer("postgres.roundtrip", $0) }
        waits = perRole { timer("postgres.requests.wait", $0) }
    }

    func record(_ levels: Levels, of role: Role) {
        guard let gauges = gauges[role] else { return }
        gauges.idle.record(levels.idle)
        gauges.busy.record(levels.busy)
        gauges.connecting.record(levels.connecting)
        gauges.waiting.record(levels.waiting)
    }

    func record(_ state: CircuitBreaker.State) {
        breaker.record(state == .closed ? 0 : state == .halfOpen ? 1 : 2)
    }

    /// How long a batch took from its sending to its Sync.
    func recordRoundTrip(_ time: Duration, on role: Role) {
        roundTrips[role]?.recordNanoseconds(time.nanoseconds)
    }

    /// How long a request waited to be sent, or a task for a lease.
    func recordWait(_ time: Duration, for role: Role) { waits[role]?.recordNanoseconds(time.nanoseconds) }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
