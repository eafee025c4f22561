import EmbeddedPostgres
import Glibc
import PostgresTesting
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// Processes of the program `LogWorker`. One that is killed is followed by a new one.
final class Workers: Sendable {
    private struct State {
        var processes: [Int: pid_t] = [:]
        var isOver = false
    }

    private let state = Mutex(State())

    /// Runs `body` while so many processes do the work: from an event store to another database.
    static func running(
        _ count: Int, doing work: String, from events: TestDatabase, to target: TestDatabase,
        _ body: (Workers) async throws -> Void
    ) async throws {
        let workers = Workers()
        let arguments = [work] + events.address + target.address
        try await withThrowingTaskGroup { group in
            for place in 0..<count {
                group.addTask { try await workers.keepRunning(place, Arguments(arguments)) }
            }
            defer { workers.dismiss() }
            while workers.state.withLock({ $0.processes.count }) < count { try await Task.sleep(for: .milliseconds(5)) }
            try await body(workers)
            workers.dismiss()
            try await group.waitForAll()
        }
    }

    /// The number of the process at a place.
    subscript(place: Int) -> pid_t? { state.withLock { $0.processes[place] } }

    /// Sends a signal to the process that calls itself `worker <number>`.
    func send(_ signal: CInt, to name: String) throws {
        let process = try #require(
            state.withLock { state in state.processes.values.first { name == "worker \($0)" } }, "\(name) is gone")
        kill(process, signal)
    }

    private func keepRunning(_ place: Int, _ arguments: Arguments) async throws {
        while !state.withLock(\.isOver) {
            let result = try await Subprocess.run(
                .path(.program("LogWorker")), arguments: arguments, input: .none, output: .sequence,
                // Why one has crashed, should it.
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
            ) { execution in
                let process = execution.processIdentifier.value
                let isOver = state.withLock { state in
                    state.processes[place] = process
                    return state.isOver
                }
                if isOver { kill(process, SIGKILL) }
                for try await _ in execution.standardOutput.strings() {}
                state.withLock { $0.processes[place] = nil }
            }
            #expect(result.terminationStatus == .signaled(SIGKILL), "a worker has ended by itself")
        }
    }

    private func dismiss() {
        let processes = state.withLock { state in
            state.isOver = true
            return state.processes.values
        }
        for process in processes { kill(process, SIGKILL) }
    }
}

extension TestDatabase {
    fileprivate var address: [String] { [cluster.socketDirectory, "\(cluster.port)", cluster.username, name] }
}
