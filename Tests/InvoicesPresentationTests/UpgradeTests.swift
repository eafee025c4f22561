import HTTPTesting
import HTTPTypes
import HummingbirdTesting
import Testing

/// Clients that would rather speak another protocol.
@Suite(.timeLimit(.minutes(5))) struct UpgradeTests {
    @Test(arguments: [("GET", "/health/live", 200), ("POST", "/invoices", 400), ("GET", "/nowhere", 404)])
    func `a request that asks for another protocol is answered in this one, for the last time on its connection`(
        method: String, path: String, status: Int
    ) async throws {
        try await TestService().test { client in
            let method = try #require(HTTPRequest.Method(method))
            let asking = try await client.executeRequest(
                uri: path, method: method, headers: [.upgrade: "h2c"], body: nil)
            #expect(asking.status.code == status)
            #expect(asking.headers[.connection] == "close")
            #expect(asking.headers[.upgrade] == nil)
            let plain = try await client.executeRequest(uri: path, method: method, headers: [:], body: nil)
            #expect(plain.status.code == status)
            #expect(plain.headers[.connection] == nil)
        }
    }

    @Test(arguments: ["", "Content-Length: 0\r\n"])
    func `a client that goes on regardless is told that the connection has ended`(header: String) async throws {
        try await TestService().test(.live) { client in
            let asking = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\(header)\r\n"
            let start = ContinuousClock.now
            let answer = try await RawConnection.exchange(
                asking + "GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n", port: #require(client.port))
            // It would wait for ten seconds for more.
            #expect(start.duration(to: .now) < .seconds(8))
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.hasSuffix(#"{"status":"ok"}"#))
            #expect(answer.matches(of: /HTTP\/1\.1/).count == 1)
        }
    }
}
