import ArgumentParser

/// The service as its callers meet it.
struct HTTPBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http", abstract: "Measures the service over HTTP.",
        discussion: "The service has to be built in the same configuration as this program.")

    @OptionGroup var options: BenchmarkOptions

    @Option(parsing: .upToNextOption, help: "The workloads to run.")
    var only: [HTTPWorkload] = HTTPWorkload.allCases

    func run() async throws { try await options.run(only) }
}

enum HTTPWorkload: String, Workload {
    case find, list, create, pay, cost

    func run(on bench: Bench) async throws -> Report {
        try await HTTPContest.withServers(on: bench, forPaying: self == .pay) { contest in
            switch self {
            case .find: try await contest.find()
            case .list: try await contest.list()
            case .create: try await contest.create()
            case .pay: try await contest.pay()
            case .cost: try await contest.cost()
            }
        }
    }
}
