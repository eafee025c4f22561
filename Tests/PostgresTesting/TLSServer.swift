import EmbeddedPostgres
import FoundationEssentials
import Glibc
package import LibPQ
import Subprocess
import SystemPackage

/// A PostgreSQL server on a TCP port of this machine that has a certificate and accepts TLS only.
///
/// Over TCP it asks for no password; the role `certified` needs a certificate. Its unix socket is open too.
package struct TLSServer: Sendable {
    package let port: Int
    private let socketDirectory: String

    /// Runs a server in a folder while `body` runs.
    package static func running<Answer: Sendable>(
        in folder: String, _ certificate: TestAuthority.Certificate, trusting authority: TestAuthority,
        _ body: (TLSServer) async throws -> Answer
    ) async throws -> Answer {
        let cluster = try await EmbeddedPostgres.start(in: folder, settings: ["fsync": "off"])
        try await cluster.stop()
        let data = "\(cluster.directory)/cluster"
        let rules = """
            local all all trust
            hostssl all certified 127.0.0.1/32 cert
            hostssl all all 127.0.0.1/32 trust
            """
        try Data(rules.utf8).write(to: URL(filePath: "\(data)/pg_hba.conf"))
        for (file, name) in [
            (certificate.file, "server.crt"), (certificate.keyFile, "server.key"), (authority.file, "root.crt"),
        ] {
            try Data(contentsOf: URL(filePath: file)).write(to: URL(filePath: "\(data)/\(name)"))
        }
        let owner = FileOwner(of: data)
        for name in ["server.crt", "server.key", "root.crt", "pg_hba.conf"] { owner.own("\(data)/\(name)") }
        let server = TLSServer(port: try FreePort.find(), socketDirectory: data)
        return try await server.run(on: data, as: owner) { try await body(server) }
    }

    /// Its database `postgres`, over TCP.
    ///
    /// - Parameter host: a name or an address of this machine.
    package func configuration(
        host: String = "localhost", username: String = "postgres", _ tls: PostgresTLS
    ) -> PostgresConfiguration {
        PostgresConfiguration(
            hosts: [.init(host, port: port)], username: username, database: "postgres", tls: tls,
            connectTimeout: .seconds(60))
    }

    /// Runs statements as the superuser.
    package func script(_ sql: String) async throws {
        let client = PostgresClient(
            PostgresConfiguration(
                hosts: [.init(socketDirectory, port: port)], username: "postgres", database: "postgres",
                connectTimeout: .seconds(60)))
        do { try await client.withConnection { try await $0.script(sql) } } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    private func run<Answer: Sendable>(
        on data: String, as owner: FileOwner, _ body: () async throws -> Answer
    ) async throws -> Answer {
        let settings = [
            "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=\(data)", "fsync=off", "ssl=on",
            "ssl_ca_file=root.crt",
        ]
        let command =
            owner.commandPrefix + [try PostgresInstallation.find().postgres, "-D", data]
            + settings.flatMap { ["-c", $0] }
        let result = try await Subprocess.run(
            .name(command[0]), arguments: Arguments(Array(command.dropFirst())), workingDirectory: "/",
            input: .none, output: .discarded, error: .discarded
        ) { execution in
            defer { kill(execution.processIdentifier.value, SIGINT) }
            try await script("create role certified login")
            return try await body()
        }
        return result.closureResult
    }
}

/// A TCP port of this machine that was free a moment ago.
package enum FreePort {
    package static func find() throws -> Int {
        let listener = try LoopbackListener()
        defer { listener.close() }
        return listener.port
    }
}
