import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

/// Tables of other shapes than one key and one column.
@Suite(.database, .timeLimit(.minutes(5))) struct PostgresTableTests {
    /// A seat of a hall, and who sits on it.
    private struct Seat: Hashable, Sendable {
        let hall: UUID
        let number: Int32
    }

    private struct Guest: Hashable, Sendable {
        var name: String
        var since: Date
        var order: Int64?
        var notes: PostgresJSON
    }

    /// Its columns are called like key words of SQL.
    private static let table = PostgresTable<Seat, Guest>(
        "seats", key: [PostgresColumn("hall") { $0.hall }, PostgresColumn("column") { $0.number }],
        columns: [
            PostgresColumn("user") { $0.name }, PostgresColumn("since") { $0.since },
            PostgresColumn("order") { $0.order },
            PostgresColumn("notes") { $0.notes },
        ],
        reading: ["order", "hall", "column", "user", "since", "notes"]
    ) { columns in
        let order = try columns.next(Int64?.self)
        let seat = Seat(hall: try columns.next(), number: try columns.next())
        let guest = Guest(
            name: try columns.next(), since: try columns.next(), order: order, notes: try columns.next())
        return (seat, guest)
    }

    private func withSeats(_ body: (PostgresClient) async throws -> Void) async throws {
        try await withDatabase(migrations: "read_db") { client in
            try await client.withConnection {
                try await $0.script(
                    """
                    create table seats (hall uuid, "column" integer, "user" text not null, since timestamptz not null,
                        "order" bigint, notes jsonb not null, primary key (hall, "column"));
                    insert into projections (projection, partitions, wanted_partitions) values ('seats', 1, 1);
                    insert into checkpoints (projection, partition, version, position) values ('seats', 0, 3, 9);
                    """)
            }
            try await body(client)
        }
    }

    private func rows(_ seats: [Seat], _ client: PostgresClient, at version: Int64 = 3) async throws -> [Seat: Guest] {
        try await Self.table.rows(of: seats, in: PostgresPartition(of: "seats", 0, version: version)) {
            try await client.query($0)
        }
    }

    @Test func `rows are read as they were saved, replaced and deleted`() async throws {
        let hall = UUID()
        let seats = (0..<3).map { Seat(hall: hall, number: $0) }
        let guests = [
            Guest(name: "Ada", since: Date(timeIntervalSince1970: 1), order: 7, notes: PostgresJSON("[1, 2]")),
            Guest(name: "Bob", since: Date(timeIntervalSince1970: 2.5), order: nil, notes: PostgresJSON("{}")),
        ]
        try await withSeats { client async throws in
            #expect(try await rows(seats, client).isEmpty)
            try await client.execute(Self.table.save(Array(zip(seats, guests)).map { (key: $0, row: $1) }))
            #expect(try await rows(seats, client) == [seats[0]: guests[0], seats[1]: guests[1]])
            #expect(try await rows([seats[1], seats[2]], client) == [seats[1]: guests[1]])

            try await client.execute(
                Self.table.save([(key: seats[0], row: guests[1]), (key: seats[2], row: guests[0])]))
            try await client.execute(Self.table.delete([seats[1], Seat(hall: UUID(), number: 2)]))
            #expect(try await rows(seats, client) == [seats[0]: guests[1], seats[2]: guests[0]])
        }
    }

    @Test func `rows of another version are not returned`() async throws {
        let seat = Seat(hall: UUID(), number: 1)
        try await withSeats { client async throws in
            await #expect(throws: CheckpointMoved(projection: "seats", partition: 0)) {
                try await rows([seat], client, at: 2)
            }
            try await client.execute("delete from checkpoints")
            await #expect(throws: CheckpointMoved.self) { try await rows([seat], client) }
        }
    }

    @Test func `a table may be its key alone`() async throws {
        let table = PostgresTable<String, String>(
            "names", key: [PostgresColumn("name") { $0 }], columns: [], reading: ["name"]
        ) { columns in
            let name = try columns.next(String.self)
            return (name, name)
        }
        try await withDatabase(migrations: "read_db") { client in
            try await client.withConnection { try await $0.script("create table names (name text primary key)") }
            for _ in 0..<2 { try await client.execute(table.save([(key: "a", row: "a"), (key: "b", row: "b")])) }
            try await client.execute(table.delete(["a"]))
            #expect(try await client.query("select name from names").map { try $0.decode(String.self) } == ["b"])
        }
    }

    @Test func `a value that cannot be written fails the statement before it is sent`() async throws {
        struct Refused: Error {}
        let table = PostgresTable<String, Int64>(
            "names", key: [PostgresColumn("name") { $0 }],
            columns: [PostgresColumn("value") { value -> Int64 in if value > 1 { throw Refused() } else { value } }],
            reading: ["name"]
        ) { columns in (try columns.next(), 0) }
        #expect(throws: Refused.self) { try table.save([(key: "a", row: 1), (key: "b", row: 2)]) }
    }
}
