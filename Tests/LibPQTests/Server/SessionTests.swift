import PostgresTesting
import Testing

@testable import LibPQ

@Suite(.database, .timeLimit(.minutes(2)))
struct `A session` {
    /// Settings that a database or a role may have, and what they are good for.
    private static let defaults = [
        "statement_timeout": "'1ms'", "lock_timeout": "'1ms'", "idle_in_transaction_session_timeout": "'1ms'",
        "idle_session_timeout": "'1ms'", "default_transaction_isolation": "serializable",
        "default_transaction_deferrable": "on", "DateStyle": "'German, DMY'", "IntervalStyle": "iso_8601",
        "TimeZone": "'Asia/Tokyo'", "standard_conforming_strings": "off", "bytea_output": "escape",
        "extra_float_digits": "-10", "row_security": "off", "array_nulls": "off", "exit_on_error": "on",
        "transform_null_equals": "on", "quote_all_identifiers": "on", "search_path": "nowhere", "xmloption": "document",
    ]

    @Test(arguments: ["alter database %@", "alter role postgres in database %@"])
    func `is as the client wants it, whatever the defaults are`(target: String) async throws {
        let database = try TestDatabase.current
        let target = target.replacing("%@", with: database.name)
        try await withClient { client in
            for (name, value) in Self.defaults {
                try await client.execute(PostgresStatement("\(target) SET \(name) = \(value)"))
            }
        }
        try await withClient {
            $0.settings["search_path"] = "public"
        } _: { client in
            try await client.checkSessions()
            let text = try await client.value(
                String.self, #"SELECT concat_ws('|', timestamp '2026-11-27', now()::text ~ '\+00$', 1e15::float8 / 3)"#)
            #expect(text == "2026-11-27 00:00:00|t|333333333333333.3")
            try await client.execute("CREATE TABLE t (id int8)")
            #expect(try await client.value(String.self, "SELECT 't'::regclass::text") == "t")
            _ = await error { try await client.execute("INSERT INTO t VALUES (1 / 0)") }
            try await client.expectAlive()
            // Also after everything was reset.
            try await client.withConnection { try await $0.script("SET statement_timeout = 1") }
            try await client.checkSessions()
        }
    }

    @Test func `that was started otherwise than it is was not started by us`() async throws {
        try await withClient { client in
            let database = PostgresStatement(
                "ALTER DATABASE \(try TestDatabase.current.name) SET session_replication_role = replica")
            try await client.execute(database)
        }
        try await withClient { client in
            let failure = await error { try await client.checkSessions() } as? PostgresSessionError
            #expect(failure == .setting("session_replication_role", found: "replica", expected: "origin"))
            #expect("\(failure as Any)".contains("ALTER DATABASE"))
        }
    }

    @Test func `needs a database in UTF-8`() async throws {
        let database = try TestDatabase.current
        try await withClient { client in
            let name = "\(database.name)_latin"
            try await client.execute(
                PostgresStatement("CREATE DATABASE \(name) ENCODING LATIN1 LOCALE 'C' TEMPLATE template0"))
            var configuration = database.configuration
            configuration.database = name
            let latin = PostgresClient(configuration)
            #expect(await error { try await latin.checkSessions() } as? PostgresSessionError == .encoding("LATIN1"))
            await latin.close()
            try await client.execute(PostgresStatement("DROP DATABASE \(name)"))
        }
    }

    @Test func `that can write is looked for, and given up when it cannot any more`() async throws {
        try await withClient(pool: PostgresPoolConfiguration(writeConnections: 1)) {
            $0.targetSessionAttributes = .readWrite
            $0.connectTimeout = .milliseconds(500)
        } _: { client in
            try await client.checkWriting()
            try await client.execute("SET default_transaction_read_only = on")
            try await client.checkWriting()
            try await withClient { outsider in
                try await outsider.execute(
                    PostgresStatement(
                        "ALTER DATABASE \(try TestDatabase.current.name) SET default_transaction_read_only = on"))
            }
            try await client.execute("SET default_transaction_read_only = on")
            let failure = await error { try await client.checkWriting() }
            #expect(failure?.postgresCode == .readOnly, "\(failure as Any)")
            #expect((failure as? PostgresError)?.isTransient == true)
        }
    }
}

/// PgBouncer is installed by `scripts/setup checks`.
@Suite(.database, .enabled(if: PgBouncer.program != nil), .timeLimit(.minutes(2)))
struct `A pooler` {
    @Test(arguments: [
        ("transaction", [:]), ("transaction", ["default_pool_size": "1"]),
        ("transaction", ["min_pool_size": "6", "server_round_robin": "1"]), ("statement", [:]),
        ("transaction", ["default_pool_size": "2", "min_pool_size": "2", "server_round_robin": "1"]),
    ])
    func `that shares sessions is found`(mode: String, settings: [String: String]) async throws {
        let settings = settings.merging(["ignore_startup_parameters": "options,extra_float_digits"]) { $1 }
        try await PgBouncer.running(to: TestDatabase.current, mode: mode, settings: settings) { bouncer in
            for isWarm in [false, true] {
                try await withClient(bouncer) { client in
                    if isWarm {
                        await withTaskGroup { group in
                            for _ in 0..<4 { group.addTask { _ = try? await client.execute("SELECT 1") } }
                        }
                    }
                    let failure = await error { try await client.checkSessions() } as? PostgresSessionError
                    #expect(failure == .shared)
                }
            }
        }
    }

    @Test func `that drops what a session starts with is found`() async throws {
        let settings = ["ignore_startup_parameters": "options,extra_float_digits"]
        try await PgBouncer.running(to: TestDatabase.current, mode: "session", settings: settings) { bouncer in
            try await withClient(bouncer) {
                $0.statementTimeout = .seconds(77)
            } _: { client in
                let failure = await error { try await client.checkSessions() } as? PostgresSessionError
                guard case .setting = failure else {
                    Issue.record("\(failure as Any)")
                    return
                }
                #expect("\(failure as Any)".contains("connection pooler"))
            }
        }
    }

    @Test func `that refuses what a session starts with is an error at once, and says what it is`() async throws {
        try await PgBouncer.running(to: TestDatabase.current, mode: "session") { bouncer in
            try await withClient(bouncer) {
                $0.connectTimeout = .seconds(3600)
            } _: { client in
                let failure = await error { try await client.query("SELECT 1") }
                #expect(failure?.postgresCode == .connection)
                #expect("\(failure as Any)".contains("unsupported startup parameter"))
                #expect("\(failure as Any)".contains("PgBouncer"))
            }
        }
    }

    private func withClient(
        _ bouncer: PgBouncer, configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresClient) async throws -> Void
    ) async throws {
        try await PostgresTesting.withClient {
            $0.hosts = [.init("127.0.0.1", port: bouncer.port)]
            configure(&$0)
        } _: {
            try await body($0)
        }
    }
}
