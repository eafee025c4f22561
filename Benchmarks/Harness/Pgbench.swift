import FoundationEssentials

/// PostgreSQL's own load generator, with prepared statements: a transaction is one run of a script.
struct Pgbench: Sendable {
    let program: Program
    let database: Database
    /// Holds scripts and logs while they are needed.
    let directory: String

    /// - Parameters:
    ///   - script: SQL and pgbench's own commands.
    ///   - variables: what `:name` stands for in the script, sent as parameters.
    func run(
        _ script: String, variables: [String: String] = [:], clients: Int, seconds: Int
    ) async throws -> Measurement {
        let run = directory + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: run) }
        try script.write(toFile: run + "/script.sql", atomically: false, encoding: .utf8)
        let output = try await program.run(
            database.connectionArguments
                + variables.sorted { $0.key < $1.key }.flatMap { ["--define", "\($0.key)=\($0.value)"] } + [
                    "--no-vacuum", "--protocol", "prepared", "--client", "\(clients)", "--jobs", "\(min(clients, 2))",
                    "--time", "\(seconds)", "--file", run + "/script.sql",
                    // Every tenth latency is enough, and costs it nothing.
                    "--log", "--log-prefix", run + "/log", "--sampling-rate", "0.1", database.name,
                ])
        guard let count = number(after: "transactions actually processed: ", in: output),
            let rate = number(after: "tps = ", in: output),
            count > 0, number(after: "failed transactions: ", in: output) ?? 0 == 0
        else { throw ProgramFailed(path: program.path, output: output) }
        return Measurement(count: Int(count), seconds: count / rate, latencies: try latencies(in: run))
    }

    private func number(after label: String, in output: String) -> Double? {
        output.ranges(of: label).first.flatMap { label in
            Double(output[label.upperBound...].prefix { $0.isNumber || $0 == "." })
        }
    }

    /// A line of the log is `client transaction microseconds …` (PostgreSQL manual, pgbench, "Per-Transaction Logging").
    private func latencies(in directory: String) throws -> Histogram {
        var latencies = Histogram()
        for file in try FileManager.default.contentsOfDirectory(atPath: directory) where file.hasPrefix("log.") {
            let log = try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)
            for line in log.utf8.split(separator: UInt8(ascii: "\n")) {
                let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 3)
                guard fields.count > 2, let microseconds = UInt64(Substring(fields[2])) else { continue }
                latencies.record(nanoseconds: microseconds * 1_000)
            }
        }
        return latencies
    }
}
