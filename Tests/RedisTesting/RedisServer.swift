import EmbeddedRedis
import FoundationEssentials
import Glibc

/// A redis-server of a test, on a unix socket and on a port of this machine.
package struct RedisServer: Sendable {
    package let port: Int
    package let socket: String
    package let processIdentifier: Int32

    /// `redis://` with the port.
    package var url: String { "redis://127.0.0.1:\(port)/0" }

    /// Runs a server of its own while `body` runs.
    ///
    /// - Parameter arguments: more arguments of redis-server, such as `--requirepass`.
    package static func running<Answer: Sendable>(
        _ arguments: [String] = [], _ body: @Sendable (RedisServer) async throws -> Answer
    ) async throws -> Answer {
        try await RedisFolder.withFolder { try await $0.running(arguments, body) }
    }

    /// Ends it at once, as a crash does.
    package func kill() { _ = Glibc.kill(processIdentifier, SIGKILL) }
}

/// A folder for a server's data: it may have several servers, one after the other, on the same port.
package struct RedisFolder: Sendable {
    package let path: String
    package let port: Int

    package static func withFolder<Answer>(_ body: (RedisFolder) async throws -> Answer) async throws -> Answer {
        let path = FileManager.default.temporaryDirectory.appending(path: "rd-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(RedisFolder(path: path, port: try FreePort.find()))
    }

    /// - Parameter arguments: of redis-server, in pairs. It does not write to disk unless they say so.
    package func running<Answer: Sendable>(
        _ arguments: [String] = [], _ body: @Sendable (RedisServer) async throws -> Answer
    ) async throws -> Answer {
        var settings = ["appendonly": "no", "loglevel": "warning"]
        for index in stride(from: 0, to: arguments.count - 1, by: 2) {
            settings[String(arguments[index].dropFirst(2))] = arguments[index + 1]
        }
        makeReadable()
        let redis = try await EmbeddedRedis.start(in: "\(path)/redis", settings: settings, loopbackPort: port)
        let server = RedisServer(port: port, socket: redis.socket, processIdentifier: redis.processID)
        let answer: Answer
        do { answer = try await body(server) } catch {
            await redis.stop()
            throw error
        }
        await redis.stop()
        return answer
    }

    /// Lets a server that root starts, and that runs as another user, read what the test has put here.
    private func makeReadable() {
        chmod(path, 0o755)
        for file in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where file != "redis" {
            chmod("\(path)/\(file)", 0o644)
        }
    }
}

/// Waits until a condition holds, for as long as the test's time limit allows.
package func eventually(_ condition: String, _ holds: () async throws -> Bool) async throws {
    while try await !holds() {
        try Task.checkCancellation()
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// A TCP port of this machine that nothing listens on now.
enum FreePort {
    static func find() throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            return bind(listener, pointer, length) == 0 && getsockname(listener, pointer, &length) == 0
        }
        guard isBound else { throw NoFreePort() }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

struct NoFreePort: Error {}
