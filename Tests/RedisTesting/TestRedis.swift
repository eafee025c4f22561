import EmbeddedRedis
import FoundationEssentials
import Synchronization

/// A Redis server that a test stops, kills, starts again, fills and makes read-only.
package final class TestRedis: Sendable {
    private let settings: [String: String]
    private let running: Mutex<EmbeddedRedis>

    private var server: EmbeddedRedis { running.withLock { $0 } }
    package var processID: Int32 { server.processID }
    /// Stays the same over restarts.
    package let directory: String
    /// The path of its socket.
    package let socket: String
    /// Its port on 127.0.0.1.
    package let port: Int

    package var url: String { "unix://\(socket)" }
    package var loopbackURL: String { "redis://127.0.0.1:\(port)" }

    private init(_ server: EmbeddedRedis, port: Int, settings: [String: String]) {
        self.settings = settings
        self.port = port
        directory = server.directory
        socket = server.socket
        running = Mutex(server)
    }

    /// Runs `body` with a new server, which is stopped and removed afterwards.
    ///
    /// - Parameter settings: of `redis.conf`; what is confirmed is on disk unless they say otherwise.
    package static func running<Answer>(
        settings: [String: String] = [:], _ body: (TestRedis) async throws -> Answer
    ) async throws -> Answer {
        let directory = FileManager.default.temporaryDirectory.appending(path: "rd-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let port = try FreePort.find()
        let server = try await EmbeddedRedis.start(in: directory, settings: settings, loopbackPort: port)
        let redis = TestRedis(server, port: port, settings: settings)
        let answer: Answer
        do { answer = try await body(redis) } catch {
            await redis.stop()
            throw error
        }
        await redis.stop()
        return answer
    }

    package func stop() async { await server.stop() }

    /// Kills it as a crash would.
    package func kill() { server.kill() }

    /// Starts it again, with the data that it had.
    package func start() async throws {
        let server = try await EmbeddedRedis.start(in: directory, settings: settings, loopbackPort: port)
        running.withLock { $0 = server }
    }

    /// Runs a command, and returns what `redis-cli` prints of its reply, a line for each value.
    @discardableResult
    package func run(_ words: String...) async throws -> [String] {
        try await RedisCommandLine(socket: socket).run(words)
    }

    /// Refuses every command that needs memory, as a full server does that evicts nothing.
    package func fill() async throws { try await run("CONFIG", "SET", "maxmemory", "1") }

    package func empty() async throws { try await run("CONFIG", "SET", "maxmemory", "0") }

    /// Refuses every command that writes, as a replica does.
    package func makeReadOnly() async throws { try await run("REPLICAOF", "127.0.0.1", "1") }

    package func makeWritable() async throws { try await run("REPLICAOF", "NO", "ONE") }
}
