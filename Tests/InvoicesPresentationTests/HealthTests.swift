import HTTPConventions
import HTTPTypes
import InvoicesPresentation
import Testing

@Suite struct HealthTests {
    @Test func `the service is ready when everything that it depends on is there`() async throws {
        let checks = [HealthCheck(name: "event-store"), HealthCheck(name: "read-database")]
        try await TestService(checks: checks).test { client in
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.status == 200)
            #expect(answer.json["status"] == "ok")
            #expect(answer.json["checks"].elements.map { $0["name"] } == ["event-store", "read-database"])
        }
    }

    @Test func `the service is not ready when one thing is missing, and runs all the same`() async throws {
        let failed = HealthCheck(name: "read-database", failure: "it cannot be reached")
        try await TestService(checks: [HealthCheck(name: "event-store"), failed]).test { client in
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] == "1")
            #expect(answer.json["status"] == "failed")
            #expect(answer.json["checks"][0]["reason"] == .null)
            #expect(answer.json["checks"][1]["reason"] == "it cannot be reached")
            #expect(try await client.send(.get, "/health/live").status == 200)
        }
    }

    @Test func `without what it can do without the service is ready and degraded, unless more is missing`() async throws
    {
        let relay = HealthCheck(name: "relay", failure: "Redis does not answer", isVital: false)
        try await TestService(checks: [HealthCheck(name: "event-store"), relay]).test { client in
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.status == 200)
            #expect(answer.json["status"] == "degraded")
            #expect(answer.json["checks"][1]["status"] == "degraded")
            #expect(answer.json["checks"][1]["reason"] == "Redis does not answer")
        }
        let failed = HealthCheck(name: "event-store", failure: "it cannot be reached")
        try await TestService(checks: [failed, relay]).test { client in
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.status == 503)
            #expect(answer.json["status"] == "failed")
        }
    }
}
