import HTTPTesting
import Testing

@testable import HTTPConventions

/// Answers that come before the body was read.
@Suite(.timeLimit(.minutes(5))) struct UnreadBodyTests {
    private static let large = [UInt8](repeating: 0x78, count: 20_000_000)
    private static let next = "GET /notes HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    /// A request with 20 MB, as two parts of its text.
    private static func request(
        _ line: String, chunked isChunked: Bool, headers: String = ""
    ) -> (head: String, end: String) {
        let length = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(large.count)"
        let head = "\(line) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\(headers)\(length)\r\n\r\n"
        return isChunked ? (head + String(large.count, radix: 16) + "\r\n", "\r\n0\r\n\r\n") : (head, "")
    }

    private static let refused: [(line: String, headers: String, status: Int)] = [
        ("POST /notes", "", 413), ("POST /nowhere", "", 404), ("DELETE /notes", "", 405), ("GET /notes", "", 200),
        ("POST /notes/unread", "", 200), ("POST /notes", "Expect: tea\r\n", 417),
        ("POST /notes", "Content-Type: text/plain\r\n", 413), ("POST /notes", "Accept: text/plain\r\n", 406),
        ("HEAD /nowhere", "", 404),
    ]

    @Test(arguments: refused, [true, false])
    func `a client that sends everything before it reads gets the answer`(
        refused: (line: String, headers: String, status: Int), isChunked: Bool
    ) async throws {
        try await NotesServer.run { server in
            for connectionHeader in ["Connection: close\r\n", "Connection: Close\r\n", ""] {
                let (head, end) = Self.request(
                    refused.line, chunked: isChunked, headers: refused.headers + connectionHeader)
                try await RawConnection.open(port: server.port) { connection in
                    let isSent = await [
                        connection.send(head), connection.send(bytes: Self.large), connection.send(end),
                    ]
                    #expect(isSent == [true, true, true])
                    let answer = await connection.readAnswer(toHead: refused.line.hasPrefix("HEAD"))
                    #expect(answer?.status == refused.status)
                    // Expecting something, or closing: the connection ends. Else it can be used again.
                    let isLast = !connectionHeader.isEmpty
                    #expect(answer?.isLast == isLast)
                    if !isLast {
                        await connection.send(Self.next)
                        #expect(await connection.readAnswer()?.status == 200)
                    }
                    #expect(await connection.readToEnd().end == .closed)
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func `requests behind a refused body are answered in order`(isChunked: Bool) async throws {
        try await NotesServer.run { server in
            let (head, end) = Self.request("POST /nowhere", chunked: isChunked)
            try await RawConnection.open(port: server.port) { connection in
                await connection.send("GET /notes HTTP/1.1\r\nHost: a\r\n\r\n" + head)
                await connection.send(bytes: Self.large)
                await connection.send(end + "DELETE /notes HTTP/1.1\r\nHost: a\r\n\r\n" + Self.next)
                let answers = RawAnswer.all(in: await connection.readToEnd().text)
                #expect(answers.map(\.status) == [200, 404, 405, 200])
            }
        }
    }

    @Test func `a request that is refused before it is one is answered to a client that sends on`() async throws {
        try await NotesServer.run { server in
            for head in ["POST /notes HTTP/1.1\r\nContent-Length: 20000000\r\n\r\n", "nonsense\r\n\r\n"] {
                try await RawConnection.open(port: server.port) { connection in
                    await connection.send(head)
                    #expect(await connection.send(bytes: Self.large))
                    let (text, end) = await connection.readToEnd()
                    #expect(RawAnswer.all(in: text).map(\.isLast) == [true])
                    #expect(end == .closed)
                }
            }
        }
    }

    @Test(arguments: ["Connection: close\r\n", ""])
    func `more than the bound is not read`(header: String) async throws {
        var limits = ConnectionLimits()
        limits.drainSize = 1_000_000
        try await NotesServer.run(limits: limits) { server in
            for isChunked in [true, false] {
                let (head, _) = Self.request("POST /notes", chunked: isChunked, headers: header)
                try await RawConnection.open(port: server.port) { connection in
                    await connection.send(head)
                    // How large a body in chunks is shows when it is read.
                    if isChunked { await connection.send(bytes: Array(Self.large.prefix(100_000))) }
                    #expect(await connection.readAnswer()?.status == 413)
                    var sent = 0
                    while sent < 20, await connection.send(bytes: Self.large) { sent += 1 }
                    #expect(sent < 20)
                }
            }
        }
    }

    @Test(arguments: ["Connection: close\r\n", ""])
    func `the rest of a body is awaited for a while`(header: String) async throws {
        var limits = ConnectionLimits()
        limits.drain = .milliseconds(300)
        limits.drainSilence = .milliseconds(100)
        try await NotesServer.run(limits: limits) { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send("POST /nowhere HTTP/1.1\r\nHost: a\r\n\(header)Content-Length: 100\r\n\r\nx")
                #expect(await connection.readAnswer()?.status == 404)
                #expect(await connection.readToEnd().end == .closed)
                // The other side is closed as well: what is sent is answered by a reset.
                while await connection.send("x") {}
            }
        }
    }
}
