import Glibc
import Subprocess

/// `redis-cli` on the socket of a server.
package struct RedisCommandLine: Sendable {
    package let socket: String

    package init(socket: String) { self.socket = socket }

    /// Runs a command, and returns what is printed of its reply, a line for each value.
    ///
    /// - Throws: ``RedisCommandFailed`` for an error reply, and when the server does not listen.
    @discardableResult
    package func run(_ words: [String]) async throws -> [String] {
        let result = try await Subprocess.run(
            .name("redis-cli"), arguments: Arguments(["-s", socket, "-e"] + words), output: .string(limit: 16 << 20),
            error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw RedisCommandFailed(command: words, output: result.standardOutput + result.standardError)
        }
        return result.standardOutput.split(whereSeparator: \.isNewline).map(String.init)
    }

    package func processID() async throws -> Int32 {
        let lines = try await run(["INFO", "server"])
        let line = lines.first { $0.hasPrefix("process_id:") }
        guard let number = line.flatMap({ Int32($0.dropFirst("process_id:".count).prefix(while: \.isNumber)) }) else {
            throw RedisCommandFailed(command: ["INFO"], output: lines.joined(separator: "\n"))
        }
        return number
    }

    /// Waits until a list has so many elements, also while the server does not listen.
    package func wait(untilLengthOf list: String, is count: Int) async throws {
        while (try? await run(["LLEN", list])) != ["\(count)"] {
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Whether a server takes connections.
    package var isListening: Bool {
        let client = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8.prefix($0.count - 1)) }
        return withUnsafeBytes(of: &address) { bytes in
            connect(client, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
        }
    }
}

package struct RedisCommandFailed: Error {
    package let command: [String]
    package let output: String
}
