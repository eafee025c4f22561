import ArgumentParser

/// The event store, and the PostgreSQL client below it.
struct StoreBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "store", abstract: "Measures the event store.")

    @OptionGroup var options: BenchmarkOptions

    @Flag(inversion: .prefixedNo, help: "Measure a store with 5 million events, too.")
    var growth = true

    @Option(parsing: .upToNextOption, help: "The workloads to run.")
    var only: [StoreWorkload] = StoreWorkload.allCases

    func run() async throws { try await options.run(only.filter { growth || $0 != .growth }) }
}

enum StoreWorkload: String, Workload {
    case append, conditions, load, snapshots, log, growth, client, peer, demands

    func run(on bench: Bench) async throws -> Report {
        switch self {
        case .append: try await AppendWorkload.run(on: bench)
        case .conditions: try await ConditionWorkload.run(on: bench)
        case .load: try await LoadWorkload.run(on: bench)
        case .snapshots: try await SnapshotWorkload.run(on: bench)
        case .log: try await LogWorkload.run(on: bench)
        case .growth: try await GrowthWorkload.run(on: bench)
        case .client: try await ClientWorkload.run(on: bench)
        case .peer: try await PeerWorkload.run(on: bench)
        case .demands: try await DemandWorkload.run(on: bench)
        }
    }
}
