import ArgumentParser

/// How side effects leave: jobs into queues, and out of them.
struct OutboxBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Measures queues and workers on Redis.")

    @OptionGroup var options: BenchmarkOptions

    @Option(parsing: .upToNextOption, help: "The workloads to run.")
    var only: [OutboxWorkload] = OutboxWorkload.allCases

    func run() async throws { try await options.run(only) }
}

enum OutboxWorkload: String, Workload {
    case queue, worker

    func run(on bench: Bench) async throws -> Report {
        switch self {
        case .queue: try await QueueWorkload.run(on: bench)
        case .worker: try await WorkerWorkload.run(on: bench)
        }
    }
}
