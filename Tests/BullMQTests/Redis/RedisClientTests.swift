import RedisTesting
import Testing

@testable import BullMQ

@Suite(.timeLimit(.minutes(1))) struct RedisClientTests {
    @Test func `replies come to those who asked, whoever else asks`() async throws {
        try await withClient { client, _ in
            try await withThrowingTaskGroup { group in
                for number in 0..<500 {
                    group.addTask {
                        let reply = try await client.send(RedisCommand("ECHO", RedisArgument(number)))
                        #expect(reply.integer == Int64(number))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a pipeline is answered in its order, errors included`() async throws {
        try await withClient { client, _ in
            let replies = try await client.pipeline([
                RedisCommand("SET", "a", "1"), RedisCommand("LPUSH", "a", "x"), RedisCommand("INCR", "a"),
            ])
            #expect(replies.count == 3)
            #expect(replies[0].text == "OK")
            guard case .error = replies[1] else {
                Issue.record("no error")
                return
            }
            #expect(replies[2] == .integer(2))
            let error = await #expect(throws: RedisError.self) {
                try await client.send(RedisCommand("LPUSH", "a", "x"))
            }
            #expect(error?.code == .rejected)
        }
    }

    @Test func `it works on a unix socket and in the database of the URL`() async throws {
        try await withClient { client, server in
            try await withClient(of: "unix://\(server.socket)?db=3") { other in
                _ = try await other.send(RedisCommand("SET", "a", "3"))
                #expect(try await other.send(RedisCommand("GET", "a")).text == "3")
                #expect(try await client.send(RedisCommand("GET", "a")) == .null)
            }
        }
    }

    @Test func `it signs in, and says when it may not`() async throws {
        try await RedisServer.running(["--requirepass", "se:cr@t"]) { server in
            try await withClient(of: "redis://:se%3Acr%40t@127.0.0.1:\(server.port)") { client in
                #expect(try await client.send(RedisCommand("PING")).text == "PONG")
                _ = try await client.send(
                    RedisCommand("ACL", "SETUSER", "ada", "on", ">pw", "~x:*", "+get", "+ping"))
            }
            try await withClient(of: "redis://ada:pw@127.0.0.1:\(server.port)") { client in
                let value = try await client.send(RedisCommand("GET", "x:1"))
                #expect(value == .null)
                let error = await #expect(throws: RedisError.self) {
                    try await client.send(RedisCommand("SET", "x:1", "1"))
                }
                #expect(error?.code == .accessDenied)
            }
            for url in ["redis://:wrong@127.0.0.1:\(server.port)", "redis://127.0.0.1:\(server.port)"] {
                try await withClient(of: url) { client in
                    let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
                    #expect(error?.code == .accessDenied)
                    #expect(error?.message.contains("wrong") == false || url.contains("//127"))
                }
            }
        }
    }

    @Test func `it connects again after Redis was killed, and says what became of commands`() async throws {
        try await RedisFolder.withFolder { folder in
            try await withClient(
                of: "redis://127.0.0.1:\(folder.port)", configure: { $0.commandTimeout = .seconds(20) }
            ) { client in
                try await folder.running(["--appendonly", "yes", "--appendfsync", "always"]) { server in
                    _ = try await client.send(RedisCommand("SET", "a", "1"))
                    async let blocked = client.block(RedisCommand("BLPOP", "list", "0"), atMost: .seconds(30))
                    try await eventually("the command waits in Redis") {
                        try await withProbe(server.url) { probe in
                            try await probe.send(RedisCommand("CLIENT", "LIST")).text?.contains("cmd=blpop") == true
                        }
                    }
                    server.kill()
                    do {
                        _ = try await blocked
                        Issue.record("the command was answered")
                    } catch let error as RedisError {
                        #expect(error.code == .outcomeUnknown)
                    }
                }
                let replies = Recorder<RESPValue>()
                try await withThrowingTaskGroup { group in
                    group.addTask { replies.record(try await client.send(RedisCommand("GET", "a"))) }
                    try await eventually("an attempt to connect has failed") { client.failure != nil }
                    try await folder.running(["--appendonly", "yes"]) { _ in
                        try await eventually("there is a reply") { !replies.all.isEmpty }
                    }
                    try await group.waitForAll()
                }
                #expect(replies.all.map(\.text) == ["1"] && client.failure == nil)
            }
        }
    }

    @Test func `without Redis a command fails at its time-out and says why`() async throws {
        try await RedisFolder.withFolder { folder in
            try await withClient(
                of: "redis://127.0.0.1:\(folder.port)", configure: { $0.commandTimeout = .milliseconds(200) }
            ) { client in
                let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("redis://127.0.0.1:\(folder.port)/0") == true)
            }
        }
    }

    @Test func `a command that is not answered in time has an unknown outcome, and the next one connects again`()
        async throws
    {
        try await withClient(configure: { $0.commandTimeout = .milliseconds(300) }) { client, server in
            _ = try await client.send(RedisCommand("CLIENT", "PAUSE", "1000", "ALL"))
            let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("SET", "a", "1")) }
            #expect(error?.code == .outcomeUnknown)
            try await eventually("Redis answers again") {
                (try? await client.send(RedisCommand("PING")).text) == "PONG"
            }
        }
    }

    @Test func `a full Redis, a read-only one and one that cannot save are transient errors`() async throws {
        try await withClient { client, _ in
            let queue = try BullMQQueue("letters", client: client)
            _ = try await client.send(RedisCommand("CONFIG", "SET", "maxmemory", "1"))
            await expect(.outOfMemory, queue)
            _ = try await client.send(RedisCommand("CONFIG", "SET", "maxmemory", "0"))
            _ = try await client.send(RedisCommand("REPLICAOF", "127.0.0.1", "1"))
            await expect(.readOnly, queue)
            _ = try await client.send(RedisCommand("REPLICAOF", "NO", "ONE"))
            _ = try await client.send(RedisCommand("CONFIG", "SET", "min-replicas-to-write", "1"))
            await expect(.persistenceFailed, queue)
            _ = try await client.send(RedisCommand("CONFIG", "SET", "min-replicas-to-write", "0"))
            #expect(try await queue.add(BullMQJob("a")) == .added)
        }
    }

    @Test func `scripts that Redis has forgotten are sent again`() async throws {
        try await withClient { client, _ in
            let script = RedisScript("sum", "return redis.call('INCRBY', KEYS[1], ARGV[1])")
            #expect(try await client.run(script, keys: ["a"], arguments: [2]).integer == 2)
            _ = try await client.send(RedisCommand("SCRIPT", "FLUSH"))
            let replies = try await client.run(script, keys: ["a"], each: [[1], [2], [3]])
            #expect(replies.map(\.integer) == [3, 5, 8])
            let error = await #expect(throws: RedisError.self) {
                try await client.run(RedisScript("bad", "this is no Lua"), keys: [], arguments: [])
            }
            #expect(error?.code == .scriptFailed)
        }
    }

    @Test func `more than may wait is refused at once`() async throws {
        try await withClient(configure: { $0.pendingCommands = 1 }) { client, server in
            async let blocked = client.block(RedisCommand("BLPOP", "list", "0"), atMost: .seconds(30))
            try await withProbe(server.url) { probe in
                try await eventually("the command waits in Redis") {
                    try await probe.send(RedisCommand("CLIENT", "LIST")).text?.contains("cmd=blpop") == true
                }
                let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
                #expect(error?.code == .overloaded)
                _ = try await probe.send(RedisCommand("LPUSH", "list", "x"))
            }
            let popped = try await blocked
            #expect(popped.array?.last?.text == "x")
        }
    }

    @Test func `cancelling a blocking command ends it in Redis`() async throws {
        try await withClient { client, server in
            try await withThrowingTaskGroup { group in
                group.addTask {
                    _ = await #expect(throws: CancellationError.self) {
                        try await client.block(RedisCommand("BLPOP", "list", "0"), atMost: .seconds(30))
                    }
                }
                try await withProbe(server.url) { probe in
                    func isBlocked() async throws -> Bool {
                        try await probe.send(RedisCommand("CLIENT", "LIST")).text?.contains("cmd=blpop") == true
                    }
                    try await eventually("the command waits in Redis") { try await isBlocked() }
                    group.cancelAll()
                    try await eventually("it is gone") { try await !isBlocked() }
                }
            }
        }
    }

    @Test func `a closed client refuses commands`() async throws {
        try await withClient { client, _ in
            _ = try await client.send(RedisCommand("PING"))
            await client.close()
            let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
            #expect(error?.code == .closed)
        }
    }

    private func expect(_ code: RedisError.Code, _ queue: BullMQQueue) async {
        let error = await #expect(throws: RedisError.self) { try await queue.add(BullMQJob("a")) }
        #expect(error?.code == code)
        #expect(error?.isTransient == true)
    }

    /// A client beside the one that is tested.
    private func withProbe<Answer>(_ url: String, _ body: (RedisClient) async throws -> Answer) async throws -> Answer {
        let probe = try RedisClient(RedisConfiguration(url: RedisURL(url)))
        let answer: Answer
        do {
            answer = try await body(probe)
        } catch {
            await probe.close()
            throw error
        }
        await probe.close()
        return answer
    }
}
