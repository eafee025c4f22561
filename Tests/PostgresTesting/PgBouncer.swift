import EmbeddedPostgres
import FoundationEssentials
import Glibc
import Subprocess

/// PgBouncer in front of the server of a test's database, on a TCP port of this machine.
package struct PgBouncer: Sendable {
    package let port: Int

    /// `scripts/setup checks` installs it.
    package static let program: String? = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"]
        .first { access($0, X_OK) == 0 }

    /// Runs it while `body` runs.
    ///
    /// - Parameters:
    ///   - mode: `session`, `transaction` or `statement`.
    ///   - settings: more settings of PgBouncer.
    package static func running(
        to database: TestDatabase, mode: String, settings: [String: String] = [:],
        _ body: @Sendable (PgBouncer) async throws -> Void
    ) async throws {
        guard let program else { return }
        try await withTemporaryFolder { folder in
            let bouncer = PgBouncer(port: try FreePort.find())
            try bouncer.configuration(of: database, mode: mode, settings, in: folder)
                .write(to: URL(filePath: "\(folder)/ini"))
            try Data("\"\(database.cluster.username)\" \"\"\n".utf8).write(to: URL(filePath: "\(folder)/users"))
            let command =
                FileOwner(of: "\(database.cluster.socketDirectory)/PG_VERSION").commandPrefix + [
                    program, "\(folder)/ini",
                ]
            _ = try await Subprocess.run(
                .name(command[0]), arguments: Arguments(Array(command.dropFirst())), input: .none, output: .discarded,
                error: .discarded
            ) { execution in
                defer { kill(execution.processIdentifier.value, SIGKILL) }
                try await bouncer.untilListening()
                try await body(bouncer)
            }
        }
    }

    private func configuration(
        of database: TestDatabase, mode: String, _ settings: [String: String], in folder: String
    ) -> Data {
        var lines = [
            "[databases]",
            "\(database.name) = host=\(database.cluster.socketDirectory) port=\(database.cluster.port)",
            "[pgbouncer]", "listen_addr = 127.0.0.1", "listen_port = \(port)", "unix_socket_dir =", "auth_type = trust",
            "auth_file = \(folder)/users", "pool_mode = \(mode)",
        ]
        lines += settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        return Data(lines.joined(separator: "\n").utf8)
    }

    private func untilListening() async throws {
        while !connects() {
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func connects() -> Bool {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return withUnsafeBytes(of: &address) { bytes in
            connect(client, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
        }
    }
}
