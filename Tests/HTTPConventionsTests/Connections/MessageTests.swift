import HTTPTesting
import Testing

@testable import HTTPConventions

/// What is a request of HTTP/1.1, and where it ends (RFC 9112).
@Suite(.timeLimit(.minutes(5))) struct MessageTests {
    private static func get(_ headers: String, line: String = "GET /notes HTTP/1.1") -> String {
        "\(line)\r\n\(headers)\r\n"
    }

    private static func post(_ headers: String, _ body: String, line: String = "POST /notes HTTP/1.1") -> String {
        "\(line)\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n\(headers)\r\n\(body)"
    }

    @Test(arguments: [
        "", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n", "Host:\r\n", "Host: a b\r\n", "Host: a/b\r\n",
        "Host: user@a\r\n", "Host: a:b\r\n", "Host: a:65536\r\n", "Host: a:1:2\r\n", "Host: ::1\r\n", "Host: [::1\r\n",
        "Host: []\r\n", "Host: [a]\r\n", "Host: [:::]\r\n", "Host: [1:2:3]\r\n", "Host: [::1]a\r\n", "Host: %\r\n",
        "Host: %zz\r\n", "Host: m\u{FC}nchen\r\n",
        "Host: a?b\r\n", "Host: a#b\r\n", "Host: http://a\r\n", "Host: a\\b\r\n", "Host: <a>\r\n",
    ])
    func `a request without one valid Host is refused`(headers: String) async throws {
        try await NotesServer.run { server in
            for line in ["GET /notes HTTP/1.1", "GET http://a/notes HTTP/1.1", "HEAD /notes HTTP/1.1"] {
                let isHead = line.hasPrefix("HEAD")
                let answers = try await server.answers(
                    to: Self.get(headers, line: line), methods: isHead ? ["HEAD"] : [])
                #expect(answers.map(\.status) == [400])
                #expect(answers.first?.code == (isHead ? nil : "bad-request"))
                #expect(answers.first?.headers["content-type"] == "application/problem+json")
                #expect(answers.first?.headers["x-request-id"] != nil)
                let date = /[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT/
                #expect(try date.wholeMatch(in: answers.first?.headers["date"] ?? "") != nil)
                #expect(answers.first?.isLast == true)
            }
        }
    }

    @Test(arguments: [
        "a", "A.example", "a:", "a:0", "a:65535", "127.0.0.1:3001", "[::1]", "[::1]:3001", "[::ffff:1.2.3.4]",
        "[v1.a:b]", "a_b-c~d.", "%41", "a,b",
    ])
    func `a host is what a URI may have`(host: String) async throws {
        #expect(HostHeader.isValid(host[...]))
        try await NotesServer.run { server in
            let answers = try await server.answers(to: Self.get("Host: \(host)\r\nConnection: close\r\n"))
            #expect(answers.map(\.status) == [200])
        }
    }

    @Test(arguments: [" ", "\t", " \t "]) func `blanks around a value are no part of it`(blanks: String) async throws {
        try await NotesServer.run { server in
            // The parser itself refuses a tab behind a transfer coding.
            let headers = [
                "Host:\(blanks)a\(blanks)", "Connection:\(blanks)close\(blanks)", "Transfer-Encoding: chunked ",
            ]
            .map { $0 + "\r\n" }.joined()
            let answers = try await server.answers(
                to: "POST /notes HTTP/1.1\r\nContent-Type: application/json\r\n\(headers)\r\n\(Self.chunk)")
            #expect(answers.map(\.status) == [200])
            #expect(answers.first?.isLast == true)
        }
    }

    @Test func `a request without Host is refused in its turn`() async throws {
        try await NotesServer.run { server in
            let good = Self.get("Host: a\r\n")
            let answers = try await server.answers(to: good + good + Self.get("") + good)
            #expect(answers.map(\.status) == [200, 200, 400])
            #expect(answers.map(\.isLast) == [false, false, true])
        }
    }

    @Test func `HTTP 1.0 needs no Host, and may keep its connection`() async throws {
        try await NotesServer.run { server in
            let once = Self.get("", line: "GET /notes HTTP/1.0")
            #expect(try await server.answers(to: once).map(\.isLast) == [true])
            let again = Self.get("Connection: keep-alive\r\n", line: "GET /notes HTTP/1.0")
            let answers = try await server.answers(to: again + once)
            #expect(answers.map(\.status) == [200, 200])
            #expect(answers.map { $0.headers["connection"] } == ["keep-alive", "close"])
            let twice = Self.get("Host: a\r\nHost: a\r\n", line: "GET /notes HTTP/1.0")
            #expect(try await server.answers(to: twice).map(\.status) == [400])
        }
    }

    @Test func `HTTP 1.0 is sent no chunks`() async throws {
        try await NotesServer.run { server in
            let answers = try await server.answers(
                to: Self.get("Connection: keep-alive\r\n", line: "GET /notes/large HTTP/1.0"))
            #expect(answers.first?.headers["transfer-encoding"] == nil)
            #expect(answers.first?.isLast == true)
            #expect(answers.first?.body.utf8.count == 64 << 20)
        }
    }

    @Test(arguments: [
        ("GET http://other:80/notes HTTP/1.1", 200), ("GET http://other/nowhere HTTP/1.1", 404),
        ("GET https://other/notes?x=http://a HTTP/1.1", 200), ("OPTIONS * HTTP/1.1", 204),
        ("OPTIONS /notes HTTP/1.1", 204), ("OPTIONS /nowhere HTTP/1.1", 404), ("TRACE /notes HTTP/1.1", 405),
        ("CONNECT a:443 HTTP/1.1", 501), ("BREW /notes HTTP/1.1", 501), ("GET /notes HTTP/0.9", 400),
        ("GET /notes HTTP/2.0", 400), ("GET /notes", 400), ("GET  HTTP/1.1", 400), ("GET /notes HTTP/1.1 x", 400),
        ("get /notes HTTP/1.1", 501), ("GET notes HTTP/1.1", 400),
    ])
    func `a request line is what it may be`(line: String, status: Int) async throws {
        try await NotesServer.run { server in
            let answers = try await server.answers(to: Self.get("Host: a\r\nConnection: close\r\n", line: line))
            #expect(answers.map(\.status) == [status])
        }
    }

    struct Message: CustomTestStringConvertible {
        let request: String
        let status: Int

        var testDescription: String { "\(request.prefix(200).debugDescription), \(status)" }
    }

    private static let lengths: [(String, Int)] = [
        (post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", chunk), 400),
        (post("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", chunk), 400),
        (post("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "), 400),
        (post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), 400),
        (post("Content-Length: 2, 2\r\n", "{}"), 400), (post("Content-Length: +2\r\n", "{}"), 400),
        (post("Content-Length: -2\r\n", "{}"), 400), (post("Content-Length: 0x2\r\n", "{}"), 400),
        (post("Content-Length: 2.0\r\n", "{}"), 400), (post("Content-Length: \r\n", "{}"), 400),
        (post("Content-Length: 99999999999999999999\r\n", "{}"), 400),
        (post("Content-Length: 9223372036854775808\r\n", "{}"), 413),
    ]

    private static let codings: [(String, Int)] = [
        (chunked(chunk), 200), (chunked("2;a=b\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n"), 200),
        (post("Transfer-Encoding: CHUNKED\r\n", chunk), 200), (post("Transfer-Encoding: gzip\r\n", "{}"), 501),
        (post("Transfer-Encoding: identity\r\n", "{}"), 501),
        (post("Transfer-Encoding: gzip, chunked\r\n", chunk), 501),
        (post("Transfer-Encoding: xchunked\r\n", chunk), 501),
        (post("Transfer-Encoding: chunked, gzip\r\n", chunk), 400),
        (post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunk), 400),
        (chunked(chunk, line: "POST /notes HTTP/1.0"), 400),
    ]

    private static let chunks: [(String, Int)] = [
        "x\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n", "0x2\r\n{}\r\n0\r\n\r\n", "2\r\n{}0\r\n\r\n", "2\n{}\n0\n\n",
        "10000000000000000\r\n{}\r\n0\r\n\r\n",
    ].map { (chunked($0), 400) }

    private static let headers: [(String, Int)] = [
        "X: 1\r\n 2\r\n", "X : 1\r\n", ": 1\r\n", "X\r\n", "X: a\0b\r\n", "X: a\rb\r\n", " X: 1\r\n", "X(: 1\r\n",
    ].map { (get("Host: a\r\n" + $0), 400) }

    private static let sizes: [(String, Int)] = [
        (get("Host: a\r\n", line: "GET /notes?\(letters(8_193)) HTTP/1.1"), 414),
        (get("Host: a\r\n", line: "GET /\(letters(40_000)) HTTP/1.1"), 414),
        (get("Host: a\r\n", line: "GET /\(letters(1_000_000)) HTTP/1.1"), 414),
        (get("Host: a\r\nX: \(letters(40_000))\r\n"), 431), (get("Host: a\r\n\(letters(40_000)): x\r\n"), 431),
        (get("Host: a\r\n" + fields(40, value: letters(1_000))), 431),
        (get("Host: a\r\n" + fields(101, value: "x")), 431),
        (chunked("2\r\n{}\r\n0\r\n" + fields(101, value: "x") + "\r\n"), 431),
    ]

    private static let others: [(String, Int)] = [
        ("GET /notes HTTP/1.1\nHost: a\n\n", 400), ("\r\n\r\n" + get("Host: a\r\nConnection: close\r\n"), 200),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n", 501),
    ]

    private static let chunk = "2\r\n{}\r\n0\r\n\r\n"

    private static func chunked(_ body: String, line: String = "POST /notes HTTP/1.1") -> String {
        post("Transfer-Encoding: chunked\r\n", body, line: line)
    }

    private static func letters(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func fields(_ count: Int, value: String) -> String {
        (0..<count).map { "X-\($0): \(value)\r\n" }.joined()
    }

    private static let messages = [lengths, codings, chunks, headers, sizes, others].flatMap(\.self).map {
        Message(request: $0, status: $1)
    }

    @Test(arguments: messages)
    func `where a request ends is never in doubt`(message: Message) async throws {
        try await NotesServer.run { server in
            let answers = try await server.answers(
                to: message.request + "GET /notes HTTP/1.1\r\nHost: smuggled\r\n\r\n")
            #expect(answers.map(\.status) == [message.status])
            #expect(answers.first?.isLast == true)
        }
    }

    @Test(arguments: [
        ("//notes", 200), ("/notes/", 200), ("/./notes", 404), ("/x/../notes", 404), ("/%2e%2e/notes", 404),
        ("/notes%2f", 404), ("/notes;x", 404), ("/notes%00", 404), ("/notes#x", 400), ("/notes?x#y", 400),
        ("/n%6ftes", 404), ("/NOTES", 404), ("/notes?", 200), ("/notes?%", 200), ("/notes?%zz=%00&&=", 200),
        ("/notes\u{7F}", 400), ("/notes\\", 404), ("/notes|", 404), ("/m\u{FC}nchen", 400), ("/notes\t", 400),
        ("http:///notes", 400), ("http://a", 303), ("http://a?x", 303),
        ("http://a b/notes", 400), ("http://u@a/notes", 400), ("ftp://a/notes", 400), ("http:/notes", 400),
        ("HTTP://A:80/notes", 200), ("http://[::1]:80/notes?a//b", 200), ("*", 400),
    ])
    func `a path is what it is`(path: String, status: Int) async throws {
        try await NotesServer.run { server in
            let answers = try await server.answers(
                to: Self.get("Host: a\r\nConnection: close\r\n", line: "GET \(path) HTTP/1.1"))
            #expect(answers.map(\.status) == [status])
        }
    }

    @Test(arguments: [
        "Range: bytes=0-1", "Range: bytes=9-1", "Range: bytes=0-0,1-1,2-2", "If-Range: x", "TE: trailers, gzip;q=0",
        "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Connection: x, y", "Content-Encoding: gzip",
        "Trailer: Host", "Keep-Alive: timeout=999999", "Max-Forwards: 0", "Transfer-Encoding-X: chunked",
        "X-HTTP-Method-Override: DELETE", "Forwarded: for=a;host=b", "X-Forwarded-Host: b, c", "Cookie: \u{C3}\u{A9}",
    ])
    func `a header that means nothing here changes nothing`(header: String) async throws {
        try await NotesServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send(Self.get("Host: a\r\n\(header)\r\n"))
                let answer = await connection.readAnswer()
                #expect(answer?.status == 200)
                #expect(answer?.body == #"{"notes":"none"}"#)
            }
        }
    }

    @Test func `many requests at once are answered in order`() async throws {
        try await NotesServer.run { server in
            let lines = (0..<200).map { $0 % 3 == 0 ? "GET /notes" : $0 % 3 == 1 ? "HEAD /nowhere" : "DELETE /notes" }
            let requests = lines.map { "\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
            let answers = try await server.answers(
                to: requests + Self.get("Host: a\r\nConnection: close\r\n"),
                methods: lines.map { String($0.prefix { $0 != " " }) })
            #expect(answers.map(\.status) == (0..<200).map { [200, 404, 405][$0 % 3] } + [200])
        }
    }
}
