import ArgumentParser

/// The measurements of the libraries and of the service; `make bench-store` and its like run them.
@main
struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the libraries and the service beside PostgreSQL's own programs and beside peers.",
        discussion: "Run it from the project's directory, by make. See Benchmarks/README.md.",
        subcommands: [
            StoreBenchmark.self, ProjectionBenchmark.self, RelayBenchmark.self, HTTPBenchmark.self,
            OutboxBenchmark.self,
            BareServer.self,
        ])
}

/// What can be measured, a table each.
protocol Workload: CaseIterable, ExpressibleByArgument {
    func run(on bench: Bench) async throws -> Report
}

/// How a benchmark is run.
struct BenchmarkOptions: ParsableArguments {
    @Option(help: "How long one measurement takes, where it is not a number of events that ends it.")
    var seconds = 5

    @Flag(help: "Do everything once, shortly and with few rows: to see that it works, not how fast.")
    var quick = false

    @Option(help: ArgumentHelp("Run only the rows whose name contains this text.", valueName: "text"))
    var row: String?

    mutating func validate() throws {
        guard seconds > 0 else { throw ValidationError("--seconds takes a whole number of at least 1") }
    }

    /// Runs the workloads on one server and prints a table for each, then all ratios.
    func run(_ workloads: [some Workload]) async throws {
        var effort = quick ? Effort.quick : Effort(seconds: seconds)
        effort.row = row
        var ratios: [Ratio] = []
        try await Bench.withServer(in: ".data/benchmark", effort: effort) {
            for workload in workloads {
                $0.progress("\(workload)")
                let report = try await workload.run(on: $0)
                print("\(report)\n")
                ratios += report.ratios
            }
        }
        for ratio in ratios { print(ratio) }
    }
}
