import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `The migrator` {
    private let files = [
        PostgresMigration(version: 1, name: "table", sql: "CREATE TABLE t (id int8); INSERT INTO t VALUES (1);"),
        PostgresMigration(version: 2, name: "row", sql: "-- only a row\nINSERT INTO t VALUES (2)"),
    ]

    @Test func `applies each file once`() async throws {
        try await withClient { client in
            let first = PostgresMigrator([files[0]])
            #expect(try await first.pending(client) == ["0001_table.sql"])
            #expect(try await first.migrate(client) == ["0001_table.sql"])
            let both = PostgresMigrator(files)
            #expect(try await both.migrate(client) == ["0002_row.sql"])
            #expect(try await both.migrate(client) == [])
            try await both.verify(client)
            #expect(try await client.value([Int].self, "SELECT array_agg(id ORDER BY id) FROM t") == [1, 2])
            let row = try await client.query("SELECT * FROM schema_migrations WHERE version = 2")[0]
            let (_, name, checksum, _, duration) = try row.decode(
                Int.self, String.self, String.self, Date.self, Int.self)
            #expect(name == "row")
            #expect(checksum == files[1].checksum)
            #expect(duration >= 0)
        }
    }

    @Test func `of several processes at once applies each file once`() async throws {
        try await withClient { client in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 { group.addTask { try await PostgresMigrator(files).migrate(client).count } }
                let applied = try await group.reduce(0, +)
                #expect(applied == 2)
            }
        }
    }

    @Test func `applies nothing at all when a file fails, and says where`() async throws {
        try await withClient { client in
            let bad = PostgresMigration(
                version: 2, name: "bad", sql: "INSERT INTO t VALUES (2);\n\nINSERT INTO tt VALUES (3);")
            let migrator = PostgresMigrator([files[0], bad])
            let failure = await error { try await migrator.migrate(client) } as? PostgresMigrationError
            #expect(failure?.description.hasPrefix("0002_bad.sql failed in line 3, and nothing was applied") == true)
            let pending = try await migrator.pending(client)
            #expect(pending == ["0001_table.sql", "0002_bad.sql"])
            #expect(try await PostgresMigrator(files).migrate(client) == ["0001_table.sql", "0002_row.sql"])
        }
    }

    @Test func `refuses a database that does not fit the files`() async throws {
        try await withClient { client in
            try await PostgresMigrator(files).migrate(client)
            let older = PostgresMigrator([files[0]])
            await #expect(throws: PostgresMigrationError.self) { try await older.verify(client) }
            await #expect(throws: PostgresMigrationError.self) { try await older.migrate(client) }
        }
    }

    @Test func `says what is pending when it verifies`() async throws {
        try await withClient { client in
            let failure = await error { try await PostgresMigrator(files).verify(client) }
            #expect(
                failure.map { "\($0)" } == "the database lacks migrations: 0001_table.sql, 0002_row.sql")
        }
    }

    @Test func `applies a repeatable file when it is new, and when it has changed`() async throws {
        try await withClient { client in
            func migrator(_ answer: Int) -> PostgresMigrator {
                let sql = "CREATE OR REPLACE FUNCTION answer() RETURNS int8 LANGUAGE sql RETURN \(answer)"
                return PostgresMigrator(
                    files, repeatable: [PostgresRepeatableMigration(name: "answer", sql: sql)])
            }
            let file = "functions/answer.sql"
            #expect(try await migrator(1).migrate(client) == ["0001_table.sql", "0002_row.sql", file])
            #expect(try await migrator(1).migrate(client) == [])
            #expect(try await migrator(2).pending(client) == [file])
            #expect(try await migrator(2).migrate(client) == [file])
            try await migrator(2).verify(client)
            #expect(try await client.value(Int.self, "SELECT answer()") == 2)
            #expect(
                try await client.value([String].self, "SELECT array_agg(name) FROM schema_migrations_repeatable")
                    == ["answer"])
        }
    }

    @Test func `applies no numbered file when a repeatable one fails, and names it`() async throws {
        try await withClient { client in
            let bad = PostgresRepeatableMigration(name: "bad", sql: "-- no table\nSELECT * FROM nowhere")
            let migrator = PostgresMigrator(files, repeatable: [bad])
            let failure = await error { try await migrator.migrate(client) } as? PostgresMigrationError
            #expect(failure?.description.hasPrefix("functions/bad.sql failed in line 2") == true)
            let pending = try await migrator.pending(client)
            #expect(pending == ["0001_table.sql", "0002_row.sql", "functions/bad.sql"])
        }
    }

    @Test func `takes over a database whose migrations were squashed, and no other`() async throws {
        let squash = PostgresSquash(
            replaced: files.map { AppliedPostgresMigration(version: $0.version, name: $0.name, checksum: $0.checksum) },
            upgrade: PostgresMigration(version: 1, name: "upgrade", sql: "ALTER TABLE t ADD COLUMN name text"))
        let squashed = PostgresMigrator(
            [
                PostgresMigration(version: 1, name: "all", sql: "CREATE TABLE t (id int8, name text)"),
                PostgresMigration(version: 2, name: "index", sql: "CREATE INDEX ON t (name)"),
            ], squash: squash)
        try await withClient { client in
            try await PostgresMigrator([files[0]]).migrate(client)
            let failure = await error { try await squashed.migrate(client) }
            #expect(
                failure.map { "\($0)" }
                    == "the database is too old: it has 0001_table.sql, and this program takes it over only from "
                    + "0002_row.sql on")
            try await PostgresMigrator(files).migrate(client)
            #expect(try await squashed.pending(client) == ["squashed/0001_upgrade.sql", "0002_index.sql"])
            #expect(try await squashed.migrate(client) == ["squashed/0001_upgrade.sql", "0002_index.sql"])
            #expect(try await squashed.migrate(client) == [])
            #expect(try await client.value(Int.self, "SELECT count(name) + count(*) FROM t") == 2)
            await #expect(throws: PostgresMigrationError.self) { try await PostgresMigrator(files).verify(client) }
        }
    }

    @Test func `reads a directory`() async throws {
        let directory = "/tmp/libpq-migrations-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for file in files { try Data(file.sql.utf8).write(to: URL(filePath: "\(directory)/\(file.fileName)")) }
        try Data("notes".utf8).write(to: URL(filePath: "\(directory)/README.md"))
        #expect(try PostgresMigrator(directory: directory).migrations == files)
        #expect(try PostgresMigrator(directory: directory).repeatable == [])

        let functions = [("b", "SELECT 2"), ("a", "SELECT 1")].map(PostgresRepeatableMigration.init)
        try FileManager.default.createDirectory(atPath: "\(directory)/functions", withIntermediateDirectories: true)
        for file in functions { try Data(file.sql.utf8).write(to: URL(filePath: "\(directory)/\(file.fileName)")) }
        #expect(try PostgresMigrator(directory: directory).repeatable == functions.reversed())

        try Data().write(to: URL(filePath: "\(directory)/3_short.sql"))
        #expect(throws: PostgresMigrationError.self) { try PostgresMigrator(directory: directory) }
        #expect(throws: PostgresMigrationError.self) { try PostgresMigrator(directory: directory + "/nowhere") }
    }
}
