import LibPQ
import MetricsTestKit
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `The metrics of a client` {
    @Test func `tell connections, times, losses and time-outs`() async throws {
        try await withClient { observer in
            let metrics = TestMetrics()
            var configuration = observer.configuration
            configuration.applicationName = "measured"
            let client = PostgresClient(configuration, metrics: metrics)
            try await client.expectAlive()
            let name = ("client", "measured")
            let reads = [name, ("kind", "reads")]

            #expect(metrics.counterTotal(label: "postgres.connections.made", dimensions: [name]) == 3)
            #expect(try metrics.expectTimer("postgres.roundtrip", reads).values.allSatisfy { $0 > 0 })
            #expect(try metrics.expectTimer("postgres.requests.wait", reads).values.count >= 1)
            #expect(try metrics.expectTimer("postgres.requests.wait", [name, ("kind", "leases")]).values.count == 1)

            // Levels come once a second, and once more when all is quiet.
            let idle = try metrics.expectGauge("postgres.connections", reads + [("state", "idle")])
            try await until { idle.lastValue == 1 }
            #expect(try metrics.expectGauge("postgres.connections", reads + [("state", "busy")]).lastValue == 0)
            #expect(try metrics.expectGauge("postgres.requests.waiting", reads).lastValue == 0)
            #expect(try metrics.expectGauge("postgres.breaker", [name]).lastValue == 0)
            // A read, a write, and a transaction of one statement, which takes BEGIN and COMMIT besides.
            try await until { metrics.counterTotal(label: "postgres.trips", dimensions: [name]) == 4 }
            #expect(metrics.counterTotal(label: "postgres.statements", dimensions: [name]) == 5)
            #expect(metrics.counterTotal(label: "postgres.transactions", dimensions: [name]) == 3)

            _ = await error { try await client.query("SELECT pg_sleep(9)", timeout: .milliseconds(50)) }
            #expect(metrics.counterTotal(label: "postgres.requests.timeouts", dimensions: [name]) == 1)
            #expect(metrics.counterTotal(label: "postgres.connections.lost", dimensions: [name]) == 1)
            await client.close()
        }
    }

    @Test func `tell that the breaker is open`() async throws {
        let metrics = TestMetrics()
        let client = PostgresClient(
            PostgresConfiguration(host: "/tmp/no-such-directory", username: "x", database: "x"),
            pool: PostgresPoolConfiguration(circuitBreaker: PostgresCircuitBreaker(failureThreshold: 1)),
            metrics: metrics)
        _ = await error { try await client.query("SELECT 1") }
        let breaker = try metrics.expectGauge("postgres.breaker", [("client", "LibPQ")])
        try await until { breaker.lastValue == 2 }
        #expect(metrics.counterTotal(label: "postgres.connections.failed") >= 1)
        await client.close()
    }
}
