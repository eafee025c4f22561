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
            #expect(try await first.pending(client) == [files[0]])
            #expect(try await first.migrate(client) == [files[0]])
            let both = PostgresMigrator(files)
            #expect(try await both.migrate(client) == [files[1]])
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

    @Test func `applies nothing of a file that fails, and says where`() async throws {
        try await withClient { client in
            let bad = PostgresMigration(
                version: 2, name: "bad", sql: "INSERT INTO t VALUES (2);\n\nINSERT INTO tt VALUES (3);")
            let migrator = PostgresMigrator([files[0], bad])
            let failure = await error { try await migrator.migrate(client) } as? PostgresMigrationError
            #expect(failure?.description.hasPrefix("0002_bad.sql failed in line 3, and nothing of it") == true)
            let rows = try await client.query("SELECT * FROM t")
            #expect(rows.count == 1)
            #expect(try await migrator.pending(client) == [bad])
            #expect(try await PostgresMigrator(files).migrate(client) == [files[1]])
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

    @Test func `reads a directory`() async throws {
        let directory = "/tmp/libpq-migrations-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for file in files { try Data(file.sql.utf8).write(to: URL(filePath: "\(directory)/\(file.fileName)")) }
        try Data("notes".utf8).write(to: URL(filePath: "\(directory)/README.md"))
        #expect(try PostgresMigrator(directory: directory).migrations == files)

        try Data().write(to: URL(filePath: "\(directory)/3_short.sql"))
        #expect(throws: PostgresMigrationError.self) { try PostgresMigrator(directory: directory) }
        #expect(throws: PostgresMigrationError.self) { try PostgresMigrator(directory: directory + "/nowhere") }
    }
}
