import HTTPTesting
import Testing

@testable import HTTPConventions

/// Requests that do not end, and clients that do not read.
@Suite(.timeLimit(.minutes(5))) struct RequestTimesTests {
    private static var limits: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.idle = .milliseconds(400)
        limits.headers = .milliseconds(300)
        limits.body = .milliseconds(300)
        limits.drain = .seconds(1)
        limits.drainSilence = .milliseconds(200)
        return limits
    }

    private static let post = "POST /notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

    @Test(arguments: [
        "G", "GET /notes", "GET /notes HTTP/1.1\r\nHost: a", "\r\n", "GET /notes HTTP/1.1\r\nHost: a\r\n",
        post + "Content-Length: 10\r\n\r\n", post + "Content-Length: 10\r\n\r\n{",
        post + "Transfer-Encoding: chunked\r\n\r\n", post + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
        post + "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n",
    ])
    func `a request that does not end is answered by 408`(part: String) async throws {
        try await NotesServer.run(limits: Self.limits) { server in
            let answers = try await server.answers(to: part)
            #expect(answers.last?.status == 408)
            #expect(answers.last?.code == "request-timeout")
            #expect(answers.last?.isLast == true)
            #expect(answers.filter { $0.status != 100 }.count == 1)
        }
    }

    @Test(arguments: ["GET /notes HTTP/1.1\r\nHost: ", post + "Content-Length: 50000\r\n\r\n", ""])
    func `bytes that drip do not prolong the time`(start: String) async throws {
        var limits = Self.limits
        limits.idle = .seconds(60)
        try await NotesServer.run(limits: limits) { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send(start)
                let answer = await withTaskGroup(of: RawAnswer?.self) { group in
                    group.addTask {
                        while !Task.isCancelled, await connection.send(start.isEmpty ? "\r\n" : "x") {
                            try? await Task.sleep(for: .milliseconds(20))
                        }
                        return nil
                    }
                    group.addTask { await connection.readAnswer() }
                    for await answer in group {
                        if let answer {
                            group.cancelAll()
                            return answer as RawAnswer?
                        }
                    }
                    return nil
                }
                #expect(answer?.status == 408)
            }
        }
    }

    @Test func `half a request after a whole one is answered by 408 in its turn`() async throws {
        var limits = Self.limits
        limits.idle = .seconds(60)
        try await NotesServer.run(limits: limits) { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send("GET /notes HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(await connection.readAnswer()?.status == 200)
                await connection.send("GET /no")
                #expect(await connection.readAnswer()?.status == 408)
                #expect(await connection.readToEnd().end == .closed)
            }
        }
    }

    @Test func `the time of a body begins when the requests before it are answered`() async throws {
        var limits = Self.limits
        limits.body = .seconds(1)
        try await NotesServer.run(limits: limits) { server in
            try await RawConnection.open(port: server.port) { connection in
                let half = Self.post + "Content-Length: 2\r\n\r\n{"
                await connection.send("GET /notes/slow HTTP/1.1\r\nHost: a\r\n\r\n" + half)
                // Longer than the body may take.
                try await Task.sleep(for: .milliseconds(1200))
                server.gate.open()
                #expect(await connection.readAnswer()?.status == 200)
                await connection.send("}")
                #expect(await connection.readAnswer()?.status == 200)
            }
        }
    }

    @Test(arguments: ["", "GET /notes HTTP/1.1\r\nHost: a\r\n\r\n"])
    func `a connection without a request is closed`(before: String) async throws {
        try await NotesServer.run(limits: Self.limits) { server in
            let answers = try await server.answers(to: before)
            #expect(answers.map(\.status) == (before.isEmpty ? [] : [200]))
            #expect(answers.allSatisfy { !$0.isLast })
        }
    }

    @Test func `a request that the service works on has all the time it needs`() async throws {
        try await NotesServer.run(limits: Self.limits) { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send("GET /notes/slow HTTP/1.1\r\nHost: a\r\n\r\n")
                // Longer than anything that a client does may take.
                try await Task.sleep(for: .milliseconds(900))
                server.gate.open()
                #expect(await connection.readAnswer()?.status == 200)
            }
        }
    }

    @Test func `a client that does not read is sent no more than fits, and cut off`() async throws {
        var limits = ConnectionLimits()
        limits.answer = .milliseconds(300)
        try await NotesServer.run(limits: limits) { server in
            try await RawConnection.open(port: server.port, receiveBuffer: 4096) { connection in
                await connection.send("GET /notes/large HTTP/1.1\r\nHost: a\r\n\r\n")
                try await server.written.wait { $0 > 0 }
                // Longer than the client may leave the answer unread.
                try await Task.sleep(for: .seconds(2))
                let (text, end) = await connection.readToEnd()
                #expect(end != .silence)
                #expect(text.utf8.count < 32 << 20)
                #expect(server.written.value < 32)
            }
        }
    }

    @Test func `a client that reads late gets everything`() async throws {
        try await NotesServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send("GET /notes/large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                try await server.written.wait { $0 > 0 }
                #expect(await connection.readToEnd().text.utf8.count > 64 << 20)
            }
        }
    }

    @Test func `a request is cancelled when its connection is reset`() async throws {
        try await NotesServer.run(limits: Self.limits) { server in
            try await RawConnection.open(port: server.port) { connection in
                await connection.send("GET /notes/slow HTTP/1.1\r\nHost: a\r\n\r\n")
                try await server.gate.arrived.wait { $0 > 0 }
                connection.reset()
            }
            try await server.gate.cancelled.wait { $0 > 0 }
        }
    }
}
