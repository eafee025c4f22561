import FoundationEssentials
import Subprocess
import SystemPackage
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// The program `invoices`, as it lies beside the tests.
enum InvoicesProgram {
    /// How the program ended, and what it had said.
    struct Ending {
        let exitCode: Int32?
        let output: [String]
        /// What it said on standard output alone, where that was kept apart.
        var standardOutput = ""
    }

    private static var path: FilePath {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return FilePath(tests).removingLastComponent().appending("invoices")
        }
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Ending {
        let result = try await Subprocess.run(
            .path(path), arguments: Arguments(arguments), environment: .custom(Self.environment(environment)),
            input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        let output = [result.standardOutput, result.standardError].compactMap(\.self).joined(separator: "\n")
        return Ending(
            exitCode: result.terminationStatus.exitCode, output: output.split(separator: "\n").map(String.init),
            standardOutput: result.standardOutput)
    }

    /// Runs the program, and sends it a signal once `body` has returned.
    static func run(
        _ arguments: [String], environment: [String: String], sending signal: Int32,
        after body: @escaping @Sendable () async throws -> Void
    ) async throws -> Ending {
        let result = try await Subprocess.run(
            .path(path), arguments: Arguments(arguments), environment: .custom(Self.environment(environment)),
            input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            do { try await body() } catch {
                kill(execution.processIdentifier.value, SIGKILL)
                throw error
            }
            kill(execution.processIdentifier.value, signal)
            var output: [String] = []
            for try await line in execution.standardOutput.strings() { output.append(line) }
            return output
        }
        return Ending(exitCode: result.terminationStatus.exitCode, output: result.closureResult)
    }

    /// Runs the program until it ends, and tells its process id.
    static func run(
        _ arguments: [String], environment: [String: String], onStart: @escaping @Sendable (pid_t) -> Void
    ) async throws -> Ending {
        let result = try await Subprocess.run(
            .path(path), arguments: Arguments(arguments), environment: .custom(Self.environment(environment)),
            input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            onStart(execution.processIdentifier.value)
            var output: [String] = []
            for try await line in execution.standardOutput.strings() { output.append(line) }
            return output
        }
        return Ending(exitCode: result.terminationStatus.exitCode, output: result.closureResult)
    }

    /// Serves on a free port while `body` runs, and is stopped with SIGTERM after it.
    ///
    /// - Returns: how the program ended.
    @discardableResult
    static func serving(
        environment: [String: String], _ body: @escaping @Sendable (RunningInvoices) async throws -> Void
    ) async throws -> Ending {
        let result = try await Subprocess.run(
            .path(path), arguments: ["serve", "--port", "0"], environment: .custom(Self.environment(environment)),
            input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            let process = execution.processIdentifier.value
            return try await withThrowingTaskGroup(of: Void.self) { group in
                var output: [String] = []
                for try await line in execution.standardOutput.strings() {
                    output.append(line)
                    if let url = line.firstMatch(of: #/http:\/\/127\.0\.0\.1:\d+/#)?.output {
                        group.addTask {
                            let running = RunningInvoices(url: String(url), process: process)
                            do {
                                try await body(running)
                                running.send(SIGTERM)
                            } catch {
                                running.send(SIGKILL)
                                throw error
                            }
                        }
                    }
                }
                try await group.waitForAll()
                return output
            }
        }
        return Ending(exitCode: result.terminationStatus.exitCode, output: result.closureResult)
    }

    /// What every run gets: little from outside, so that a developer's own settings do not matter.
    private static func environment(_ settings: [String: String]) -> [Environment.Key: String] {
        var environment: [Environment.Key: String] = ["PATH": getenv("PATH").map { String(cString: $0) } ?? ""]
        for (key, value) in settings { environment[Environment.Key(stringLiteral: key)] = value }
        return environment
    }
}

/// A serving program.
struct RunningInvoices: Sendable {
    let url: String
    let process: pid_t

    func send(_ signal: Int32) { kill(process, signal) }
}

extension TerminationStatus {
    /// Nil for a program that a signal ended.
    fileprivate var exitCode: Int32? {
        if case .exited(let code) = self { code } else { nil }
    }
}
