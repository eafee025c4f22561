import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// A server that is measured, in a process of its own.
struct HTTPServer: Sendable {
    let processID: pid_t
    let port: Int
    /// What it has printed.
    let log: String

    /// Runs `body` while the program listens, and ends the program.
    ///
    /// - Parameter arguments: is given the port to listen on.
    /// - Throws: ``ProgramFailed`` with what it has printed when it does not listen within a minute.
    static func run<Answer: Sendable>(
        _ path: String, _ arguments: (Int) -> [String], environment: [String: String] = [:], log: String,
        _ body: (HTTPServer) async throws -> Answer
    ) async throws -> Answer {
        let port = try LocalHTTP.freePort()
        let output = try FileDescriptor.open(
            log, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        defer { try? output.close() }
        let run = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments(port)),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            input: .none, output: .fileDescriptor(output, closeAfterSpawningProcess: false),
            error: .fileDescriptor(output, closeAfterSpawningProcess: false)
        ) { execution in
            let server = HTTPServer(processID: execution.processIdentifier.value, port: port, log: log)
            let answer: Answer
            do {
                try await server.listening(as: path)
                answer = try await body(server)
            } catch {
                try? execution.send(signal: .terminate)
                throw error
            }
            try execution.send(signal: .terminate)
            return answer
        }
        return run.closureResult
    }

    private func listening(as path: String) async throws {
        for _ in 0..<600 where kill(processID, 0) == 0 {
            if try LocalHTTP.isListening(on: port) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw ProgramFailed(path: path, output: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
    }

    /// Fails when the program has complained about something: what was measured is then not what was meant.
    func requireNoComplaints() async throws {
        let complaints = try await Program(path: "/usr/bin/env").run([
            "awk", "/ (warning|error|critical) |ERROR/ && count++ < 20", log,
        ])
        guard complaints.isEmpty else { throw ProgramFailed(path: log, output: complaints) }
    }
}
