import EventSourcing
import EventSourcingPostgres

/// The whole log, read and decoded, beside `COPY … TO` of the same rows.
enum LogWorkload {
    private static let copy = "COPY TO, binary"
    private static let stream = "log as a sequence, pages of 1,000"
    private static let pages = "log in pages of 500"

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("log") { database in
            try await bench.fill(database, events: bench.effort.logEvents, perStream: 10)
            return try await database.withStore { store in
                let contenders = [
                    Contender(copy) {
                        try await timed(bench) {
                            try await bench.runDiscardingOutput(
                                "copy (select * from event_store.events order by position) to stdout (format binary)",
                                in: database)
                            return bench.effort.logEvents
                        }
                    },
                    Contender(stream) {
                        try await timed(bench) {
                            try await store.log(pageSize: 1_000).reduce(0) { count, _ in count + 1 }
                        }
                    },
                    Contender(pages) { try await timed(bench) { try await readPages(of: store) } },
                ]
                var report = Report("Log", unit: "events", contenders, try await bench.rounds(contenders))
                report.compare("log-read", stream, to: copy, reach: 0.4)
                report.compare("log-read-pages", pages, to: copy, reach: 0.4)
                return report
            }
        }
    }

    private static func readPages(of store: PostgresEventStore) async throws -> Int {
        var (count, last) = (0, Position?.none)
        while true {
            let page = try await store.readLog(after: last, .forwards, limit: 500)
            count += page.count
            guard let event = page.last else { return count }
            last = event.position
        }
    }

    private static func timed(_ bench: Bench, _ body: () async throws -> Int) async throws -> Measurement {
        let start = ContinuousClock.now
        let count = try await body()
        guard count == bench.effort.logEvents else { throw WrongAnswer() }
        return Measurement(count: count, seconds: (ContinuousClock.now - start).inSeconds)
    }
}
