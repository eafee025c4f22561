import ArgumentParser

@main
struct StoreBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the event store beside PostgreSQL's own programs and beside a peer.",
        discussion: "Run it from the project's directory: make bench-store. See Benchmarks/README.md.")

    @Option(help: "How long one measurement takes.")
    var seconds = 5

    @Flag(help: "Do everything once, shortly and with few rows: to see that it works, not how fast.")
    var quick = false

    @Flag(inversion: .prefixedNo, help: "Measure a store with 5 million events, too.")
    var growth = true

    @Option(parsing: .upToNextOption, help: "The workloads to run.")
    var only: [Workload] = Workload.allCases

    mutating func validate() throws {
        guard seconds > 0 else { throw ValidationError("--seconds takes a whole number of at least 1") }
    }

    @Option(help: ArgumentHelp("Run only the rows whose name contains this text.", valueName: "text"))
    var row: String?

    func run() async throws {
        let workloads = only.filter { growth || $0 != .growth }
        var ratios: [Ratio] = []
        try await Bench.withServer(in: ".data/store-benchmark", effort: effort) {
            for workload in workloads {
                $0.progress("\(workload)")
                let report = try await workload.run(on: $0)
                print("\(report)\n")
                ratios += report.ratios
            }
        }
        print("CPU: seconds for 1,000 of what is counted.\n")
        for ratio in ratios { print(ratio) }
    }
}

extension StoreBenchmark {
    private var effort: Effort {
        var effort = quick ? Effort.quick : Effort(seconds: seconds)
        effort.row = row
        return effort
    }
}

/// What can be measured.
enum Workload: String, CaseIterable, ExpressibleByArgument {
    case append, load, log, growth, client, peer

    func run(on bench: Bench) async throws -> Report {
        switch self {
        case .append: try await AppendWorkload.run(on: bench)
        case .load: try await LoadWorkload.run(on: bench)
        case .log: try await LogWorkload.run(on: bench)
        case .growth: try await GrowthWorkload.run(on: bench)
        case .client: try await ClientWorkload.run(on: bench)
        case .peer: try await PeerWorkload.run(on: bench)
        }
    }
}
