import ArgumentParser

/// Relays.
struct RelayBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay", abstract: "Measures how fast a relay brings events from the log to a sink.")

    @OptionGroup var options: BenchmarkOptions

    @Option(parsing: .upToNextOption, help: "The workloads to run.")
    var only: [RelayBenchmarkWorkload] = RelayBenchmarkWorkload.allCases

    func run() async throws { try await options.run(only) }
}

enum RelayBenchmarkWorkload: String, Workload {
    case relay

    func run(on bench: Bench) async throws -> Report { try await RelayWorkload.run(on: bench) }
}
