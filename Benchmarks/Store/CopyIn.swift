/// `COPY` of the same rows into the same kind of table: what PostgreSQL can take in at most.
struct CopyIn {
    private let bench: Bench
    private let database: Database
    private let file: String

    /// Makes the table, and the file with the rows.
    init(of bench: Bench, in database: Database) async throws {
        self.bench = bench
        self.database = database
        file = bench.directory + "/rows"
        let values = SampleEvent.values(data: "'\(SampleEvent.data)'", metadata: "'\(SampleEvent.metadata)'")
        try await bench.run(
            SampleEvent.table("copied_events"),
            "insert into copied_events (\(SampleEvent.columns)) "
                + "select \(values) from generate_series(1, \(bench.effort.copiedRows))",
            "\\copy copied_events (\(SampleEvent.columns)) to '\(file)' (format binary)", in: database)
    }

    var contender: Contender {
        Contender("COPY FROM, one transaction") {
            try await bench.run("truncate copied_events", in: database)
            let start = ContinuousClock.now
            try await bench.run(
                "\\copy copied_events (\(SampleEvent.columns)) from '\(file)' (format binary)", in: database)
            return Measurement(count: bench.effort.copiedRows, seconds: (ContinuousClock.now - start).inSeconds)
        }
    }
}
