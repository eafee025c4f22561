import PostgresTesting
import Testing

@testable import LibPQ

@Suite(.timeLimit(.minutes(5)))
struct `A server with a certificate` {
    @Test func `is taken when its authority is trusted and its name is right`() async throws {
        try await withServer { server, authority, folder in
            let root = authority.file
            for (host, mode) in [
                ("localhost", PostgresTLS.Mode.verifyFull), ("127.0.0.1", .verifyCertificate), ("127.1", .require),
            ] {
                try await expectEncrypted(
                    server.configuration(host: host, PostgresTLS(mode: mode, rootCertificateFile: root)))
            }
            // Not this machine by its name, and so encrypted without a word.
            try await expectEncrypted(server.configuration(host: "127.1", PostgresTLS()))
            // A root certificate and no mode: the name is checked.
            try await expectEncrypted(server.configuration(PostgresTLS(rootCertificateFile: root)))
            let nameless = server.configuration(host: "127.1", PostgresTLS(rootCertificateFile: root))
            await expectRefusal(nameless, "does not match host name", "a root certificate is named")
        }
    }

    @Test func `is refused under another authority, another name, or without the file that is named`() async throws {
        try await withServer { server, authority, folder in
            let other = try await TestAuthority(in: "\(folder)/other")
            for mode in [PostgresTLS.Mode.verifyCertificate, .verifyFull] {
                let tls = PostgresTLS(mode: mode, rootCertificateFile: other.file)
                await expectRefusal(server.configuration(tls), "certificate verify failed", mode.rawValue)
            }
            let tls = PostgresTLS(mode: .verifyFull, rootCertificateFile: authority.file)
            await expectRefusal(
                server.configuration(host: "127.0.0.1", tls), "does not match host name \"127.0.0.1\"")
            let missing = PostgresTLS(mode: .require, rootCertificateFile: "\(folder)/none.crt")
            await expectRefusal(server.configuration(missing), "the root certificate \(folder)/none.crt cannot be read")
        }
    }

    @Test func `is refused when the certificate has expired`() async throws {
        try await withServer(days: -1) { server, authority, _ in
            let tls = PostgresTLS(mode: .verifyFull, rootCertificateFile: authority.file)
            await expectRefusal(server.configuration(tls), "certificate verify failed")
        }
    }

    @Test func `may ask for the client's`() async throws {
        try await withServer { server, authority, _ in
            let own = try await authority.issue("certified")
            var tls = PostgresTLS(mode: .verifyFull, rootCertificateFile: authority.file)
            let without = await error {
                try await PostgresClient(server.configuration(username: "certified", tls)).query("SELECT 1")
            }
            #expect("\(without as Any)".contains("valid client certificate"))
            (tls.certificateFile, tls.keyFile) = (own.file, own.keyFile)
            try await expectEncrypted(server.configuration(username: "certified", tls))
        }
    }

    private func withServer(
        days: Int = 2, _ body: (TLSServer, TestAuthority, _ folder: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let authority = try await TestAuthority(in: "\(folder)/authority")
            let certificate = try await authority.issue("localhost", days: days)
            try await TLSServer.running(in: "\(folder)/s", certificate, trusting: authority) { server in
                try await body(server, authority, folder)
            }
        }
    }

    private func expectEncrypted(
        _ configuration: PostgresConfiguration, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let client = PostgresClient(configuration)
        let isEncrypted = try await client.value(
            Bool.self, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        #expect(isEncrypted, sourceLocation: sourceLocation)
        await client.close()
    }

    /// Expects a refusal that comes long before the connect time-out.
    private func expectRefusal(
        _ configuration: PostgresConfiguration, _ texts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        var configuration = configuration
        configuration.connectTimeout = .seconds(3600)
        let client = PostgresClient(configuration)
        let failure = await error { try await client.query("SELECT 1") }
        #expect(failure?.postgresCode == .tls, "\(failure as Any)", sourceLocation: sourceLocation)
        for text in texts { #expect("\(failure as Any)".contains(text), sourceLocation: sourceLocation) }
        await client.close()
    }
}

@Suite(.timeLimit(.minutes(2)))
struct `Whoever refuses TLS` {
    @Test(arguments: ["N", "", "?", "HTTP/1.1 400"])
    func `gets nothing but the request for it, unless the server is this machine`(answer: String) async throws {
        let impostor = try Impostor(answering: answer)
        // An address of this machine that does not look like one.
        for (host, mode) in [("127.1", nil), ("127.0.0.1", PostgresTLS.Mode.require), ("localhost", .verifyFull)] {
            let client = PostgresClient(configuration(host, impostor, PostgresTLS(mode: mode)))
            let failure = await error { try await client.execute("SELECT 1") }
            #expect(failure?.postgresCode == (answer.isEmpty ? .connection : .tls))
            await client.close()
        }
        #expect(impostor.hasHeardNothing, "\(impostor.received)")
        impostor.close()
    }

    @Test func `is one of several servers, of which one is elsewhere`() async throws {
        let impostor = try Impostor(answering: "N")
        var configuration = configuration("127.0.0.1", impostor, PostgresTLS())
        configuration.hosts.append(.init("db.invalid"))
        let client = PostgresClient(configuration)
        #expect(await error { try await client.query("SELECT 1") } != nil)
        #expect(impostor.hasHeardNothing, "\(impostor.received)")
        await client.close()
        impostor.close()
    }

    @Test func `gets the password where TLS is not wanted`() async throws {
        let impostor = try Impostor(answering: "N")
        for tls in [PostgresTLS(mode: .disable), PostgresTLS(mode: .prefer)] {
            let client = PostgresClient(configuration("127.1", impostor, tls))
            #expect(await error { try await client.query("SELECT 1") } != nil)
            await client.close()
        }
        #expect(impostor.hasHeard("hunter2"))
        impostor.close()
    }

    private func configuration(_ host: String, _ impostor: Impostor, _ tls: PostgresTLS) -> PostgresConfiguration {
        PostgresConfiguration(
            hosts: [.init(host, port: impostor.port)], username: "app", password: "hunter2", database: "app", tls: tls,
            connectTimeout: .milliseconds(300))
    }
}

struct `The mode of TLS` {
    @Test(arguments: [
        ("localhost", nil), ("LOCALHOST", nil), ("127.0.0.1", nil), ("127.9.8.7", nil), ("::1", nil),
        ("::ffff:127.0.0.1", nil), ("/run/postgresql", nil), ("@abstract", nil), ("10.0.0.5", PostgresTLS.Mode.require),
        ("db.example", .require), ("localhost.example", .require), ("::2", .require), ("::ffff:10.0.0.5", .require),
        ("127.0.0.1.example", .require), ("0.0.0.0", .require), ("2130706433", .require),
    ])
    func `is required as soon as the server is not this machine`(host: String, mode: PostgresTLS.Mode?) {
        #expect(choice([host]) == mode)
        #expect(choice(["localhost", host]) == mode)
        #expect(choice([host, "127.0.0.1"]) == mode)
        for chosen in PostgresTLS.Mode.allCases { #expect(choice([host], PostgresTLS(mode: chosen)) == chosen) }
    }

    @Test func `is libpq's own where only the environment has one`() {
        for mode in ["disable", "prefer", "verify-full"] {
            #expect(choice(["10.0.0.5"], in: LibPQEnvironment(sslMode: mode)) == nil)
        }
        let chosen = PostgresTLS(mode: .verifyFull)
        #expect(choice(["10.0.0.5"], chosen, in: LibPQEnvironment(sslMode: "disable")) == .verifyFull)
    }

    @Test func `follows the address that the environment names in place of the host`() {
        #expect(choice(["localhost"], in: LibPQEnvironment(hostAddress: "10.0.0.5")) == .require)
        #expect(choice(["/tmp"], in: LibPQEnvironment(hostAddress: "127.0.0.1,10.0.0.5")) == .require)
        #expect(choice(["db.example"], in: LibPQEnvironment(hostAddress: "127.0.0.1")) == nil)
    }

    @Test func `is verify-full when a root certificate is named`() {
        #expect(choice(["localhost"], PostgresTLS(rootCertificateFile: "/ca.crt")) == .verifyFull)
        #expect(choice(["10.0.0.5"], in: LibPQEnvironment(rootCertificateFile: "/ca.crt")) == .verifyFull)
        #expect(choice(["localhost"], in: LibPQEnvironment(rootCertificateFile: "/ca.crt")) == nil)
    }

    private func choice(
        _ hosts: [String], _ tls: PostgresTLS = PostgresTLS(), in environment: LibPQEnvironment = LibPQEnvironment()
    ) -> PostgresTLS.Mode? {
        PostgresConfiguration(hosts: hosts.map { .init($0) }, username: "u", database: "d", tls: tls)
            .tlsChoice(in: environment).mode
    }
}
