import LibPQ

/// The PostgreSQL client alone: look-ups by key, beside pgbench.
enum ClientWorkload {
    private static let peer = "look-up, pgbench, 16 clients"
    private static let ours = "look-up, 64 tasks"
    private static let statement = PostgresStatement("select text from lookups where id = $1")

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("client") { database in
            let rows = bench.effort.lookupRows
            try await bench.run(
                "create table lookups (id bigint primary key, text text not null)",
                "insert into lookups select n, repeat('x', 400) from generate_series(1, \(rows)) n",
                "vacuum (analyze) lookups", in: database)
            return try await database.withClient { client in
                let contenders = [
                    Contender(peer) {
                        try await bench.pgbench(in: database).run(
                            "\\set n random(1, \(rows))\nselect text from lookups where id = :n;", clients: 16,
                            seconds: bench.effort.seconds)
                    },
                    Contender(ours) {
                        return try await ClosedLoop.run(
                            (0..<64).map { _ in LookUp(client: client, rows: rows) }, seconds: bench.effort.seconds)
                    },
                ]
                var report = Report("Client", unit: "look-ups", contenders, try await bench.rounds(contenders))
                report.compare("client", ours, to: peer, reach: 2)
                return report
            }
        }
    }

    private struct LookUp: Worker {
        let client: PostgresClient
        let rows: Int
        var random = Xorshift()

        mutating func work() async throws -> Int {
            let found = try await client.query(
                ClientWorkload.statement, Int64.random(in: 1...Int64(rows), using: &random))
            guard try found.first?.decode(String.self).utf8.count == 400 else { throw WrongAnswer() }
            return 1
        }
    }
}
