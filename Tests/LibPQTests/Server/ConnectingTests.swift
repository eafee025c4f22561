import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `Connecting` {
    @Test func `fails at once when the database does not exist`() async throws {
        try await expectRefusal(.invalidCatalogName) { $0.database = "nowhere" }
    }

    @Test func `fails at once when the role does not exist`() async throws {
        try await expectRefusal(.invalidAuthorization) { $0.username = "nobody_at_all" }
    }

    @Test func `fails at once when the password is wrong, and never shows it`() async throws {
        try await withClient { client in
            try await client.withConnection { connection in
                try await connection.execute("SELECT pg_advisory_lock(4711)")
                let file = try await connection.query("SHOW hba_file")[0].decode(String.self)
                let rules = try String(contentsOfFile: file, encoding: .utf8)
                if !rules.contains("locked") {
                    let url = URL(filePath: file)
                    try Data(("local all locked scram-sha-256\n" + rules).utf8).write(to: url)
                    try await connection.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
                    try await connection.execute("SELECT pg_reload_conf()")
                }
            }
            var configuration = client.configuration
            configuration.username = "locked"
            configuration.password = "right"
            let good = PostgresClient(configuration)
            try await good.expectAlive()
            await good.close()
        }
        try await expectRefusal(.invalidPassword) {
            $0.username = "locked"
            $0.password = "hunter2"
        }
        try await expectRefusal(nil) { $0.username = "locked" }
    }

    @Test func `fails within its time when nobody listens`() async throws {
        try await withClient {
            $0.hosts = [.init("/tmp/no-such-directory")]
            $0.connectTimeout = .milliseconds(200)
        } _: { client in
            let failure = await error { try await client.query("SELECT 1") } as? PostgresError
            #expect(failure?.code == .connection)
            #expect(failure?.message.contains("/tmp/no-such-directory") == true)
            #expect(failure?.isTransient == true)
        }
    }

    @Test func `goes on to the next of several servers`() async throws {
        try await withClient {
            $0.hosts.insert(.init("/tmp/no-such-directory"), at: 0)
            $0.targetSessionAttributes = .readWrite
        } _: { client in
            try await client.expectAlive()
        }
    }

    /// Expects that reads, writes and leases fail long before the connect time-out, without the password.
    private func expectRefusal(_ state: SQLState?, configure: (inout PostgresConfiguration) -> Void) async throws {
        try await withClient {
            configure(&$0)
            $0.connectTimeout = .seconds(3600)
        } _: { client in
            let failures = await [
                error { try await client.query("SELECT 1") }, error { try await client.execute("SELECT 1") },
                error { try await client.withConnection { _ in } }, error { try await client.query("SELECT 1") },
            ]
            for failure in failures {
                #expect(failure?.postgresCode == .connection)
                #expect(!"\(failure as Any)".contains("hunter2"))
                #expect(!"\(failure as Any)".contains("LOCATION"))
            }
        }
    }
}

struct `A configuration` {
    @Test func `never shows its password`() {
        let configuration = PostgresConfiguration(
            host: "db.example", username: "app", password: "hunter2", database: "invoices")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("app@db.example:5432/invoices"))
        }
    }
}
