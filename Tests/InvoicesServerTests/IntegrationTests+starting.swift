import EmbeddedPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

#if canImport(Glibc)
import Glibc
#endif

extension IntegrationTests {
    /// How the program starts, and what it says when it cannot.
    @Suite struct Starting {
        @Test func `without settings it keeps everything in private clusters, also when it is killed`() async throws {
            try await withTemporaryFolder { folder in
                let environment = ["DATA_DIRECTORY": "\(folder)/data"]
                let created = try await firstInvoice(environment)
                for signal in [SIGKILL, SIGTERM, SIGINT] {
                    try await InvoicesProgram.serving(environment: environment) { service async throws in
                        #expect(try await service.get("/invoices/\(created)").status == 200)
                        service.send(signal)
                    }
                }
            }
        }

        private func firstInvoice(_ environment: [String: String]) async throws -> String {
            let (ids, continuation) = AsyncStream.makeStream(of: String.self)
            let ending = try await InvoicesProgram.serving(environment: environment) { service in
                continuation.yield(try await service.create().id)
            }
            #expect(ending.exitCode == 0)
            return try #require(await ids.first { _ in true })
        }

        @Test func `migrate brings both databases up to date, and says what it did`() async throws {
            let databases = try await TestDatabases.make()
            let first = try await InvoicesProgram.run(["migrate"], environment: databases.environment)
            #expect(first.exitCode == 0)
            #expect(first.output.contains("event store: applied functions/append_events.sql"))
            #expect(first.output.contains("read database: applied 0002_invoices.sql"))
            let second = try await InvoicesProgram.run(["migrate"], environment: databases.environment)
            #expect(second.exitCode == 0)
            #expect(second.output == ["event store: up to date", "read database: up to date"])
        }

        @Test func `a port in use is one line that names it`() async throws {
            let databases = try await TestDatabases.make()
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let port = try #require(service.url.split(separator: ":").last)
                let ending = try await InvoicesProgram.run(
                    ["serve", "--port", String(port), "--log-level", "error"], environment: databases.environment)
                expectOneLine(ending, exitCode: 69, containing: "port \(port) is in use")
            }
        }

        @Test(arguments: ["nowhere.invalid", "192.0.2.1"])
        func `an address that cannot be listened on is one line that names it`(host: String) async throws {
            let databases = try await TestDatabases.make()
            let ending = try await InvoicesProgram.run(
                ["serve", "--host", host, "--port", "0", "--log-level", "error"], environment: databases.environment)
            expectOneLine(ending, exitCode: 69, containing: "cannot listen on \(host)")
        }

        @Test(arguments: [
            (["PORT": "http"], "PORT: \"http\" is not"), (["LOG_LEVEL": "loud"], "LOG_LEVEL: \"loud\" is not"),
            (["DEFAULT_CURRENCY": "euro"], "DEFAULT_CURRENCY: \"euro\" is not"),
            (
                ["DEFAULT_ROUNDING_RULE": "bankers"],
                "DEFAULT_ROUNDING_RULE: \"bankers\" is not line-half-up.v1 or rate-"
            ),
            (["TENANT": "a-b"], "TENANT: \"a-b\" is not"), (["READ_DB_PORT": "0"], "READ_DB_PORT: \"0\" is not"),
            (["SHUTDOWN_TIMEOUT": "0"], "SHUTDOWN_TIMEOUT: \"0\" is not a number of seconds from 1 to 3600"),
            (["IDLE_TIMEOUT": "1m"], "IDLE_TIMEOUT: \"1m\" is not"),
            (["QUEUE_BACKEND": "kafka"], "QUEUE_BACKEND: \"kafka\" is not redis or postgres"),
            (["QUEUE_PREFIX": "a b"], "QUEUE_PREFIX: \"a b\" is not"),
            (["REDIS_URL": "http://localhost"], "REDIS_URL: the Redis URL is broken: it must begin with redis://"),
            (["OUTBOX_ROUTES": "mail=payed"], "OUTBOX_ROUTES: there is no event \"payed\" for the queue \"mail\""),
            (["OUTBOX_ROUTES": "mail=created; mail=*"], "OUTBOX_ROUTES: the queue \"mail\" is there twice"),
            (["OUTBOX_ROUTES": "mail"], "OUTBOX_ROUTES: \"mail\" is not of the form queue=event"),
            (["OUTBOX_ROUTES": "a:b=*"], "OUTBOX_ROUTES: the queue \"a:b\": use 1 to 100"),
            (["RELAY": "perhaps"], "RELAY: \"perhaps\" is not yes or no"),
        ])
        func `a setting that is not valid is one line that names it`(
            _ environment: [String: String], _ expected: String
        ) async throws {
            let ending = try await InvoicesProgram.run(["serve"], environment: environment)
            expectOneLine(ending, exitCode: 78, containing: expected)
        }

        @Test func `a database that cannot be reached is one line that says which and where`() async throws {
            let databases = try await TestDatabases.make()
            var environment = databases.environment
            environment["READ_DB_HOST"] = "127.0.0.1"
            environment["READ_DB_PORT"] = "1"
            let ending = try await InvoicesProgram.run(["serve", "--log-level", "error"], environment: environment)
            expectOneLine(
                ending, exitCode: 69, containing: "read database (127.0.0.1:1/\(databases.readDatabase.name))")
        }

        @Test func `a wrong password is one line, without the password`() async throws {
            try await withTemporaryFolder { folder in
                try await RestartableCluster.running(in: "\(folder)/c") { restartable in
                    let cluster = restartable.cluster
                    try await TestDatabase.administrative(of: cluster).withClient { client in
                        try await client.withConnection {
                            try await $0.script("create role guest login password 'right'")
                        }
                        let file = try await client.query(PostgresStatement("show hba_file"))[0].decode(String.self)
                        try Data("local all guest scram-sha-256\nlocal all all trust\n".utf8)
                            .write(to: URL(filePath: file))
                        _ = try await client.execute(PostgresStatement("select pg_reload_conf()"))
                    }
                    let environment = [
                        "EVENT_STORE_HOST": cluster.socketDirectory, "EVENT_STORE_PORT": "\(cluster.port)",
                        "EVENT_STORE_USERNAME": "guest", "EVENT_STORE_PASSWORD": "wr0ng-s3cret",
                        "READ_DB_HOST": cluster.socketDirectory, "READ_DB_PORT": "\(cluster.port)",
                    ]
                    let ending = try await InvoicesProgram.run(
                        ["serve", "--log-level", "trace"], environment: environment)
                    #expect(ending.exitCode == 69)
                    #expect(ending.output.last?.contains("password authentication failed") == true)
                    #expect(!ending.output.joined().contains("wr0ng-s3cret"))
                }
            }
        }

        @Test func `a migration that was changed after it was applied is one line that names it`() async throws {
            let databases = try await TestDatabases.make()
            _ = try await InvoicesProgram.run(["migrate"], environment: databases.environment)
            try await databases.eventStore.withClient { client in
                _ = try await client.execute(
                    PostgresStatement("update schema_migrations set checksum = repeat('0', 64) where version = 1"))
            }
            let ending = try await InvoicesProgram.run(
                ["serve", "--log-level", "error"], environment: databases.environment)
            expectOneLine(ending, exitCode: 65, containing: "0001_log")
        }

        @Test func `help names the commands and their options`() async throws {
            let ending = try await InvoicesProgram.run(["--help"])
            #expect(ending.exitCode == 0)
            for word in ["serve", "migrate", ".env.example"] {
                #expect(ending.output.contains { $0.contains(word) }, "\(word) is missing")
            }
        }
    }
}

/// Expects that the program ended with an exit code, and said one line.
func expectOneLine(
    _ ending: InvoicesProgram.Ending, exitCode: Int32, containing expected: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(ending.exitCode == exitCode, sourceLocation: sourceLocation)
    #expect(ending.output.count == 1, "\(ending.output)", sourceLocation: sourceLocation)
    #expect(ending.output.first?.contains(expected) == true, "\(ending.output)", sourceLocation: sourceLocation)
}
