import HTTPTesting
import Testing

@testable import HTTPConventions

/// The server stops within its bound, whatever clients do.
@Suite(.timeLimit(.minutes(5))) struct StoppingTests {
    private static let get = "GET /notes HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let post =
        "POST /notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
    private static let half = post + "\r\n{"
    private static let waiting = post + "Expect: 100-continue\r\n\r\n"

    @Test(arguments: [
        "", get, "GET /no", "GET /notes HTTP/1.1\r\nHost", half, get + half,
        "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx",
        "POST /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 9\r\n\r\nx",
        "GET /notes/stream HTTP/1.1\r\nHost: a\r\n\r\n", "GET /notes/large HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /notes/slow HTTP/1.1\r\nHost: a\r\n\r\n", "nonsense\r\n\r\n",
        waiting,
    ])
    func `the server stops although a client goes on`(sent: String) async throws {
        var limits = ConnectionLimits()
        limits.shutdown = .milliseconds(300)
        limits.drainSilence = .milliseconds(300)
        // The connection outlives the server, which is awaited.
        let connection = try await NotesServer.run(limits: limits) { server in
            let connection = try RawConnection(port: server.port, receiveBuffer: 4096)
            await connection.send(sent)
            if sent.contains("slow") { try await server.gate.arrived.wait { $0 > 0 } }
            if sent.contains("large") { try await server.written.wait { $0 > 0 } }
            return connection
        }
        #expect(await connection.readToEnd().end != .silence)
    }

    @Test func `requests that are at work are finished, and say that the connection ends`() async throws {
        try await NotesServer.run { server in
            let idle = try RawConnection(port: server.port)
            let working = try RawConnection(port: server.port)
            let sending = try RawConnection(port: server.port)
            await idle.send(Self.get)
            #expect(await idle.readAnswer()?.isLast == false)
            await working.send("GET /notes/slow HTTP/1.1\r\nHost: a\r\n\r\n")
            try await server.gate.arrived.wait { $0 > 0 }
            await sending.send(Self.waiting)
            #expect(await sending.readAnswer()?.status == 100)
            await server.stop()
            #expect(await idle.readToEnd().end == .closed)
            server.gate.open()
            let answer = await working.readAnswer()
            #expect(answer?.status == 200)
            #expect(answer?.isLast == true)
            #expect(await working.readToEnd().end == .closed)
            await sending.send("{}")
            let sent = await sending.readAnswer()
            #expect(sent?.status == 200)
            #expect(sent?.isLast == true)
        }
    }

    @Test func `a client that does not go on with its body is told so`() async throws {
        var limits = ConnectionLimits()
        limits.shutdown = .milliseconds(500)
        try await NotesServer.run(limits: limits) { server in
            let connection = try RawConnection(port: server.port)
            await connection.send(Self.waiting)
            #expect(await connection.readAnswer()?.status == 100)
            await server.stop()
            let answer = await connection.readAnswer()
            #expect(answer?.status == 408)
            #expect(answer?.isLast == true)
        }
    }

    @Test func `a stream of events ends at once`() async throws {
        try await NotesServer.run { server in
            let connection = try RawConnection(port: server.port)
            await connection.send("GET /notes/stream HTTP/1.1\r\nHost: a\r\n\r\n")
            while await !connection.hasReceived(": hello") {}
            await server.stop()
            let (text, end) = await connection.readToEnd()
            #expect(text.hasSuffix("0\r\n\r\n"))
            #expect(end == .closed)
        }
    }
}
