import EmbeddedRedis
import FoundationEssentials
import Glibc
import RedisTesting
import ServerProcesses
import ServiceLifecycleTestKit
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `An embedded Redis` {
    @Test func `keeps what it has confirmed, also when it is killed`() async throws {
        try await TestRedis.running { redis in
            try await redis.run("SET", "stopped", "1")
            await redis.stop()
            try await redis.start()
            try await redis.run("SET", "killed", "2")
            redis.kill()
            try await redis.start()
            #expect(try await redis.run("MGET", "stopped", "killed") == ["1", "2"])
        }
    }

    @Test func `listens on its socket alone, unless a loopback port is asked for`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedRedis.start(in: directory)
            let socket = try EmbeddedRedis.socket(in: directory)
            #expect(server.socket == socket)
            #expect(socket.utf8.count <= 107)
            let folder = String(socket.dropLast("/redis.sock".count))
            let attributes = try FileManager.default.attributesOfItem(atPath: folder)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            #expect(try listeningPorts(of: server.processID).isEmpty)
            await server.stop()
        }
        try await TestRedis.running { redis in
            let ports = try listeningPorts(of: redis.processID)
            #expect(ports == [redis.port])
        }
    }

    @Test func `refuses a second starter and names the first`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedRedis.start(in: directory)
            await #expect(throws: PrivateServerError.inUse(directory: server.directory, processID: getpid())) {
                try await EmbeddedRedis.start(in: directory)
            }
            await server.stop()
        }
    }

    @Test func `ends with its program, and the next start takes over at once`() async throws {
        try await withTemporaryDirectory { directory in
            await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String] in
                _ = try await EmbeddedRedis.start(in: directory)
                Glibc.kill(getpid(), SIGKILL)
            }
            let server = try await EmbeddedRedis.start(in: directory)
            #expect(Glibc.kill(server.processID, 0) == 0)
            await server.stop()
            #expect(Glibc.kill(server.processID, 0) == -1)
        }
    }

    @Test func `is a service that fails when the server ends by itself`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedRedis.start(in: directory)
            Glibc.kill(server.processID, SIGTERM)
            let error = await #expect(throws: PrivateServerError.self) { try await server.run() }
            #expect(error?.description.contains("User requested shutdown") == true)
        }
    }

    @Test func `is a service that graceful shutdown stops`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedRedis.start(in: directory)
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup { group in
                    group.addTask { try await server.run() }
                    trigger.triggerGracefulShutdown()
                    try await group.waitForAll()
                }
            }
            #expect(Glibc.kill(server.processID, 0) == -1)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can become another user"))
    func `started by root runs as another user, also below a directory that is closed to it`() async throws {
        try await withTemporaryDirectory { closed in
            chmod(closed, 0o700)
            let server = try await EmbeddedRedis.start(in: closed + "/data")
            let status = try String(contentsOfFile: "/proc/\(server.processID)/status", encoding: .utf8)
            let fields = status.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
            #expect(fields.first { $0.first == "Uid:" }?.dropFirst().contains("0") == false)
            #expect(fields.first { $0.first == "Groups:" }?.count == 1)
            await server.stop()
        }
    }

    @Test func `says what its log says when it does not start`() async throws {
        try await withTemporaryDirectory { directory in
            let error = await #expect(throws: PrivateServerError.self) {
                try await EmbeddedRedis.start(in: directory, settings: ["maxmemory": "much"])
            }
            guard case .startFailed("Redis", _, _, let log) = error else {
                Issue.record("unexpected: \(String(describing: error))")
                return
            }
            #expect(log.contains("maxmemory"))
        }
    }

    @Test func `that is not installed is an error that says what to install`() throws {
        let error = #expect(throws: RedisNotInstalled.self) {
            try RedisInstallation.find(environment: ["PATH": "/nowhere"])
        }
        #expect(error?.description.contains("apt-get install redis-server") == true)
    }

    private func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = "/tmp/redis-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // A directory that cannot be removed has a server in it that should have ended.
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: directory) } }
        try await body(directory)
    }

    /// The TCP ports that a process listens on: the sockets of its descriptors among those of the kernel's tables.
    private func listeningPorts(of process: pid_t) throws -> [Int] {
        let descriptors = "/proc/\(process)/fd"
        let sockets = Set(
            try FileManager.default.contentsOfDirectory(atPath: descriptors).compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")
            })
        var ports: [Int] = []
        for table in ["tcp", "tcp6"] {
            let lines = try String(contentsOfFile: "/proc/\(process)/net/\(table)", encoding: .utf8).split(
                separator: "\n")
            for line in lines.dropFirst() {
                let fields = line.split(whereSeparator: \.isWhitespace)
                guard fields[3] == "0A", sockets.contains("socket:[\(fields[9])]") else { continue }
                if let port = Int(fields[1].drop { $0 != ":" }.dropFirst(), radix: 16) { ports.append(port) }
            }
        }
        return ports
    }
}
