import HTTPTesting
import Testing

@testable import HTTPConventions

/// `Expect: 100-continue` (RFC 9110, section 10.1.1).
@Suite(.timeLimit(.minutes(5))) struct ExpectContinueTests {
    private static func head(
        _ line: String = "POST /notes HTTP/1.1", expect: String = "100-continue", type: String = "application/json",
        length: String = "Content-Length: 2", more: String = ""
    ) -> String {
        "\(line)\r\nHost: a\r\nContent-Type: \(type)\r\nExpect: \(expect)\r\n\(length)\r\n\(more)\r\n"
    }

    @Test(arguments: [
        (head(), "{}"), (head(expect: "100-Continue"), "{}"), (head(more: "Expect: 100-continue\r\n"), "{}"),
        (head(length: "Transfer-Encoding: chunked"), "2\r\n{}\r\n0\r\n\r\n"),
    ])
    func `a client is asked for a body that is read`(head: String, body: String) async throws {
        try await NotesServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                for _ in 0..<2 {
                    await connection.send(head)
                    let interim = await connection.readAnswer()
                    #expect(interim?.status == 100)
                    #expect(interim?.headers.isEmpty == true)
                    await connection.send(body)
                    let answer = await connection.readAnswer()
                    #expect(answer?.status == 200)
                    #expect(answer?.body == #"{"text":"read"}"#)
                }
            }
        }
    }

    @Test func `it is asked after the answers to the requests before`() async throws {
        try await NotesServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send("GET /notes HTTP/1.1\r\nHost: a\r\n\r\n" + Self.head())
                #expect(await connection.readAnswer()?.status == 200)
                #expect(await connection.readAnswer()?.status == 100)
                await connection.send("{}")
                #expect(await connection.readAnswer()?.status == 200)
            }
        }
    }

    @Test(arguments: [
        (head("POST /nowhere HTTP/1.1"), 404, "not-found"),
        (head("DELETE /notes HTTP/1.1"), 405, "method-not-allowed"),
        (head(more: "Accept: text/plain\r\n"), 406, "not-acceptable"),
        (head(length: "Content-Length: 65537"), 413, "body-too-large"),
        (head(length: "Content-Length: 9223372036854775808"), 413, "body-too-large"),
        (head(type: "text/plain"), 415, "unsupported-media-type"),
        (head(type: "text/plain", length: "Transfer-Encoding: chunked"), 415, "unsupported-media-type"),
        (head(more: "Content-Encoding: gzip\r\n"), 415, "unsupported-media-type"),
        (head(type: "text/plain", more: "Idempotency-Key: a\r\n"), 415, "unsupported-media-type"),
        (head(length: "Content-Length: 65537", more: "Idempotency-Key: a\r\n"), 413, "body-too-large"),
        (head(expect: "tea"), 417, "expectation-failed"),
        (head(expect: "100-continue, tea"), 417, "expectation-failed"),
        (head("GET /notes HTTP/1.1", expect: "tea"), 417, "expectation-failed"),
    ])
    func `what the headers decide is answered at once`(head: String, status: Int, code: String) async throws {
        try await NotesServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send(head)
                let answer = await connection.readAnswer()
                #expect(answer?.status == status)
                #expect(answer?.code == code)
                #expect(answer?.isLast == true)
                #expect(await connection.readToEnd().end == .closed)
            }
        }
    }

    @Test(arguments: [
        // The body is there.
        head(more: last) + "{}", head(expect: "", more: last) + "{}",
        // It is of no use, or there is none.
        head("POST /notes/unread HTTP/1.1", more: last),
        head("GET /notes HTTP/1.1", length: "X-Length: 0", more: last),
        head(length: "Content-Length: 0", more: last), head(length: "X-Length: 0", more: last),
    ])
    func `a client is not asked for nothing`(request: String) async throws {
        try await NotesServer.run { server in
            let answers = try await server.answers(to: request)
            #expect(answers.map(\.status) == [200])
        }
    }

    private static let last = "Connection: close\r\n"

    @Test(arguments: ["100-continue", "tea"])
    func `HTTP 1.0 has no expectations`(expected: String) async throws {
        try await NotesServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send(Self.head("POST /notes HTTP/1.0", expect: expected))
                await connection.send("{}")
                #expect(RawAnswer.all(in: await connection.readToEnd().text).map(\.status) == [200])
            }
        }
    }
}
