import Foundation
import HTTPTesting
import HummingbirdTesting
import Logging
import Testing

/// What the parser refuses before there is a request.
@Suite(.timeLimit(.minutes(5))) struct RefusedConnectionTests {
    @Test(arguments: [
        ("BREW /invoices HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method-not-implemented"),
        ("nonsense\r\n\r\n", 501, "method-not-implemented"),
        ("GET /invoices HTTP/9.9\r\nHost: a\r\n\r\n", 400, "bad-request"),
        ("GET /health/live HTTP/1.1\r\nHost : a\r\n\r\n", 400, "bad-request"),
        ("POST /invoices HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n", 400, "bad-request"),
        (
            "GET /health/live HTTP/1.1\r\nHost: a\r\nX-Large: \(String(repeating: "x", count: 40_000))\r\n\r\n", 431,
            "headers-too-large"
        ),
        (
            "GET /health/live HTTP/1.1\r\nHost: a\r\n"
                + (0..<200).map { "X-\($0): 1\r\n" }.joined() + "\r\n", 431, "headers-too-large"
        ),
        (
            "POST /invoices HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nno size\r\n", 400, "bad-request"
        ),
    ])
    func `what is no request is answered with a problem`(request: String, status: Int, code: String) async throws {
        let service = try TestService()
        try await service.test(.live) { client in
            let answer = try await RawConnection.exchange(request, port: #require(client.port))
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(500))")
            #expect(answer.lowercased().contains("content-type: application/problem+json\r\n"))
            #expect(answer.lowercased().contains("x-request-id: "))
            #expect(answer.contains(#""code":"\#(code)""#))
        }
        #expect(service.logs.lines.allSatisfy { $0.level < .error })
    }

    @Test func `a request after a good one is refused as well`() async throws {
        try await TestService().test(.live) { client in
            let answers = try await RawConnection.exchange(
                "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n", port: #require(client.port))
            #expect(answers.hasPrefix("HTTP/1.1 200 "))
            #expect(answers.contains("HTTP/1.1 501 "))
        }
    }

    @Test func `answers without a body leave none on the connection`() async throws {
        try await TestService().test(.live) { client in
            let answers = try await RawConnection.exchange(
                ["HEAD /none", "HEAD /invoices", "GET /invoices", "OPTIONS /invoices", "GET /health/live"].map {
                    "\($0) HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\($0.hasSuffix("live") ? "Connection: close\r\n" : "")\r\n"
                }.joined(), port: #require(client.port))
            let statuses = answers.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.1) }
            #expect(statuses == ["404", "304", "304", "204", "200"])
            #expect(answers.matches(of: /\r\n\r\nHTTP\/1\.1/).count == 4, "every head follows a head at once")
            let lengths = answers.lowercased().matches(of: /content-length: \d+/).count
            #expect(lengths == 2, "only of the first and the last answer")
            #expect(!answers.lowercased().contains("transfer-encoding"))
            #expect(answers.hasSuffix(#"{"status":"ok"}"#))
        }
    }
}
