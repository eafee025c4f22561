import EmbeddedPostgres
import EventSourcing
import FoundationEssentials

/// Appends by the Python library `eventsourcing` with its PostgreSQL recorder, beside ours.
enum PeerWorkload {
    private static let python = ".venv/bin/python"
    private static let script = "Benchmarks/peers/eventsourcing_append.py"

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("peer") { database in
            try await database.withStore { store in
                let contenders = [1, 16].flatMap { concurrency in
                    [
                        peer(concurrency, bench, database),
                        AppendWorkload.newStreams(concurrency, bench, store, name: nameOfOurs(concurrency)),
                    ]
                }
                var report = Report("Peer", unit: "events", contenders, try await bench.rounds(contenders))
                for (name, concurrency) in [("append-peer", 1), ("append-peer-16", 16)] {
                    report.compare(name, nameOfOurs(concurrency), to: nameOfPeer(concurrency), reach: 1)
                }
                return report
            }
        }
    }

    private static func nameOfPeer(_ threads: Int) -> String { "eventsourcing (Python), \(threads) threads" }
    private static func nameOfOurs(_ tasks: Int) -> String { "append, new streams, \(tasks) tasks" }

    /// The script prints how many events it has appended, the seconds that it took, and microseconds: the latencies.
    private static func peer(_ threads: Int, _ bench: Bench, _ database: Database) -> Contender {
        Contender(nameOfPeer(threads)) {
            let output = try await Program(path: python).run([
                script, "--host", database.server.socketDirectory, "--port", "\(database.server.port)", "--user",
                database.server.username, "--database", database.name, "--threads", "\(threads)", "--seconds",
                "\(bench.effort.seconds)",
            ])
            let words = output.split { $0 == " " || $0 == "\n" }
            guard words.count > 2, let count = Int(words[0]), let seconds = Double(words[1]) else {
                throw ProgramFailed(path: script, output: output)
            }
            var latencies = Histogram()
            for microseconds in words[2...].compactMap({ UInt64($0) }) {
                latencies.record(nanoseconds: microseconds * 1_000)
            }
            return Measurement(count: count, seconds: seconds, latencies: latencies)
        }
    }
}
