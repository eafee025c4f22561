import ArgumentParser

/// Projections and subscriptions.
struct ProjectionBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections", abstract: "Measures projections and subscriptions.")

    @OptionGroup var options: BenchmarkOptions

    @Option(parsing: .upToNextOption, help: "The workloads to run.")
    var only: [ProjectionWorkload] = ProjectionWorkload.allCases

    func run() async throws { try await options.run(only) }
}

enum ProjectionWorkload: String, Workload {
    case catchUp = "catch-up"
    case lag, subscription, groups

    func run(on bench: Bench) async throws -> Report {
        switch self {
        case .catchUp: try await CatchUpWorkload.run(on: bench)
        case .lag: try await LagWorkload.run(on: bench)
        case .subscription: try await SubscriptionWorkload.run(on: bench)
        case .groups: try await GroupsWorkload.run(on: bench)
        }
    }
}
