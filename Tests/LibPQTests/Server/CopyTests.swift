import FoundationEssentials
import Glibc
import PostgresTesting
import Testing

@testable import LibPQ

private let one = PostgresPoolConfiguration(readConnections: 1, writeConnections: 1, leasedConnections: 1)

@Suite(.database, .timeLimit(.minutes(5)))
struct `COPY` {
    private let table = "CREATE TABLE t (id int8 PRIMARY KEY, name text, data bytea)"
    private let copyIn = "COPY t FROM STDIN (FORMAT binary)"
    private let copyOut = "COPY (SELECT * FROM t ORDER BY id) TO STDOUT (FORMAT binary)"

    @Test func `takes rows in and gives them out again, in the binary format`() async throws {
        try await withClient(pool: one) { client in
            try await client.withConnection { connection in
                try await connection.script(table)
                let count = try await connection.copyRowsIn(copyIn) { rows in
                    for id in 0..<5000 {
                        let name: String? = id % 7 == 0 ? nil : "name \(id)"
                        try await rows.write(id, name, [UInt8](repeating: UInt8(id % 256), count: id % 100))
                    }
                }
                #expect(count == 5000)
                var id = 0
                for try await row in connection.copyOut(copyOut).rows {
                    let (key, name, data) = try row.decode(Int.self, String?.self, [UInt8].self)
                    #expect(key == id)
                    #expect(name == (id % 7 == 0 ? nil : "name \(id)"))
                    #expect(data == [UInt8](repeating: UInt8(id % 256), count: id % 100))
                    id += 1
                }
                #expect(id == 5000)
                // It is back in pipeline mode.
                let rows = try await connection.query("SELECT count(*) FROM t WHERE id < $1", 10)
                #expect(try rows[0].decode(Int.self) == 10)
            }
            try await client.expectAlive()
        }
    }

    @Test func `takes text from a sequence, and gives it out in a transaction`() async throws {
        try await withClient(pool: one) { client in
            try await client.execute(PostgresStatement(table))
            let lines = AsyncStream { stream in
                for id in 0..<10 { stream.yield(Array("\(id)\tname\t\\N\n".utf8)) }
                stream.finish()
            }
            let count = try await client.withConnection { try await $0.copyIn("COPY t FROM STDIN", from: lines) }
            #expect(count == 10)
            let text = try await client.transaction { transaction in
                let more = try await transaction.copyIn("COPY t FROM STDIN") {
                    try await $0.write(Array("10\tx\t\\N".utf8))
                }
                #expect(more == 1)
                var bytes: [UInt8] = []
                for try await chunk in transaction.copyOut("COPY (SELECT id, name FROM t ORDER BY id) TO STDOUT") {
                    bytes += chunk
                }
                return String(decoding: bytes, as: UTF8.self)
            }
            #expect(text == (0..<10).map { "\($0)\tname\n" }.joined() + "10\tx\n")
            #expect(try await client.value(Int.self, "SELECT count(*) FROM t") == 11)
        }
    }

    @Test func `holds little in memory while nobody reads, and nothing more is sent`() async throws {
        try await withClient(pool: one) { client in
            try await client.withConnection { connection in
                let size = 100_000_000
                let copy = connection.copyOut(
                    "COPY (SELECT repeat('x', 9999) FROM generate_series(1, \(size / 10000))) TO STDOUT")
                var iterator = copy.makeAsyncIterator()
                var count = try #require(try await iterator.next()).count
                // The server has written what the buffers between take, and waits.
                try await withClient { observer in
                    let stalled: PostgresStatement = """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE wait_event = 'ClientWrite' AND datname = current_database()
                        """
                    try await until { try await observer.value(Int.self, stalled) == 1 }
                }
                while let chunk = try await iterator.next() {
                    #expect(chunk.count <= 128 * 1024)
                    count += chunk.count
                }
                #expect(count == size)
                #expect(try await connection.query("SELECT 1").count == 1)
            }
        }
    }

    @Test func `waits while the server does not take what is written`() async throws {
        try await withClient(pool: one) { client in
            try await client.execute("CREATE TABLE t (line text)")
            let count = try await client.withConnection { connection in
                let backend = try await connection.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
                return try await connection.copyIn("COPY t FROM STDIN") { writer in
                    kill(backend, SIGSTOP)
                    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 9999) + [UInt8(ascii: "\n")]
                    let written = Counter()
                    try await withThrowingTaskGroup { group in
                        group.addTask {
                            for _ in 0..<2000 {
                                try await writer.write(chunk)
                                written.add(1)
                            }
                        }
                        // A write hangs when it has been the same for a while of other work.
                        try await until {
                            let before = written.value
                            for _ in 0..<20 { _ = try await client.query("SELECT 1") }
                            return written.value == before && before > 0
                        }
                        #expect(written.value < 2000)
                        kill(backend, SIGCONT)
                        try await group.waitForAll()
                    }
                }
            }
            #expect(count == 2000)
        }
    }

    @Test func `takes nothing in when its writer throws, and the connection goes on`() async throws {
        struct Enough: Error {}
        try await withClient(pool: one) { client in
            try await client.withConnection { connection in
                try await connection.script(table)
                let backend = try await connection.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
                let failure = await error {
                    try await connection.copyRowsIn(copyIn) { rows in
                        try await rows.write(1, "a", [1] as [UInt8])
                        throw Enough()
                    }
                }
                #expect(failure is Enough)
                #expect(try await connection.query("SELECT id FROM t").isEmpty)
                let same = try await connection.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
                #expect(same == backend)
            }
        }
    }

    @Test func `fails with what the server says, and the connection goes on`() async throws {
        try await withClient(pool: one) { client in
            try await client.withConnection { connection in
                try await connection.script(table)
                let missing = await error { try await connection.copyIn("COPY nowhere FROM STDIN") { _ in } }
                #expect(missing?.postgresCode == .server(.undefinedTable))
                let duplicate = await error {
                    try await connection.copyRowsIn(copyIn) { rows in
                        for _ in 0..<2 { try await rows.write(1, "a", [1] as [UInt8]) }
                    }
                }
                #expect(duplicate?.postgresCode == .server(.uniqueViolation))
                let broken = await error {
                    for try await _ in connection.copyOut(
                        "COPY (SELECT 1 / (3 - i) FROM generate_series(1, 5) i) TO STDOUT")
                    {}
                }
                #expect(broken?.postgresCode == .server(.divisionByZero))
                let other = await error { try await connection.copyIn("SELECT 1") { _ in } }
                #expect(other?.postgresCode == .unsupported)
                let text = await error { for try await _ in connection.copyOut("COPY t TO STDOUT").rows {} }
                #expect(text?.postgresCode == .decoding)
                #expect(try await connection.query("SELECT 1").count == 1)
            }
            try await client.expectAlive()
        }
    }

    @Test func `that is not read to its end closes its connection only`() async throws {
        try await withClient(pool: one) { client in
            let endless = "COPY (SELECT repeat('x', 9999) FROM generate_series(1, 1000000)) TO STDOUT"
            try await client.withConnection { connection in
                for try await _ in connection.copyOut(endless) { break }
                let busy = await error { try await connection.query("SELECT 1") } as? PostgresError
                #expect(busy?.code == .unsupported)
                #expect(busy?.message.contains("COPY") == true)
            }
            try await client.expectAlive()
            let reading = Task {
                try await client.withConnection { for try await _ in $0.copyOut(endless) {} }
            }
            try await client.untilRunning("COPY (SELECT repeat")
            reading.cancel()
            #expect(await error { try await reading.value } is CancellationError)
            try await client.expectAlive()
            try await until { try await client.backends(running: "COPY (SELECT repeat") == 0 }
        }
    }

    @Test func `fails on both sides when its backend is ended`() async throws {
        try await withClient(pool: one) { client in
            try await client.execute(PostgresStatement(table))
            let writing = await error {
                try await client.withConnection { connection in
                    try await connection.copyRowsIn(copyIn) { rows in
                        try await withClient { try await $0.terminateBackends() }
                        for id in 0..<1_000_000 { try await rows.write(id, "name", [1] as [UInt8]) }
                    }
                }
            }
            #expect(writing?.postgresCode == .connectionLost || writing?.postgresCode == .outcomeUnknown)
            let reading = await error {
                try await client.withConnection { connection in
                    let copy = connection.copyOut(
                        "COPY (SELECT repeat('x', 9999) FROM generate_series(1, 1000000)) TO STDOUT")
                    var chunks = copy.makeAsyncIterator()
                    _ = try await chunks.next()
                    try await withClient { try await $0.terminateBackends() }
                    while try await chunks.next() != nil {}
                }
            }
            #expect(reading?.postgresCode == .connectionLost)
            try await client.expectAlive()
            #expect(try await client.value(Int.self, "SELECT count(*) FROM t") == 0)
        }
    }
}
