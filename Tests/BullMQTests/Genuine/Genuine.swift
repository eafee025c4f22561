import FoundationEssentials
import RedisTesting
import Subprocess
import SystemPackage
import Testing

@testable import BullMQ

/// A program that uses BullMQ itself, of one of its generations. `scripts/setup checks` installs it.
struct Genuine: Sendable, CustomTestStringConvertible {
    let generation: Int
    var port = 0
    var queue = "letters"

    static let generations = [Genuine(generation: 5), Genuine(generation: 6)]

    var testDescription: String { "BullMQ \(generation)" }

    /// A line that it prints.
    struct Line: Decodable, Sendable {
        var ready: Bool?
        /// The id of a job whose attempt began.
        var ran: String?
        var name: String?
        var data: String?
        var opts: String?
        var attempt: Int?
        /// Milliseconds since 1970.
        var at: Double?
        /// How an attempt ended, or `stalled`.
        var did: String?
        var error: String?
        var event: String?
        var id: String?
        var ids: [String]?
        var counts: [String: Int]?
    }

    /// Runs it until it ends.
    @discardableResult
    func callAsFunction(_ arguments: String...) async throws -> [Line] {
        let result = try await Subprocess.run(
            python, arguments: self.arguments(arguments), output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw GenuineFailed(description: result.standardError)
        }
        return try Self.lines(result.standardOutput)
    }

    /// Runs it while `body` runs, then kills it.
    func running(_ arguments: String..., body: @Sendable () async throws -> Void) async throws {
        _ = try await Subprocess.run(
            python, arguments: self.arguments(arguments), input: .none, output: .discarded, error: .discarded
        ) { execution in
            do {
                try await body()
            } catch {
                try execution.send(signal: .kill)
                throw error
            }
            try execution.send(signal: .kill)
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private var python: Executable {
        .path(FilePath("\(Self.root)/.venv-bullmq\(generation)/bin/python"))
    }

    private func arguments(_ arguments: [String]) -> Arguments {
        Arguments(["\(Self.root)/Tests/BullMQTests/Fixtures/genuine.py", "\(port)", queue] + arguments)
    }

    private static func lines(_ output: String) throws -> [Line] {
        try output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }
}

struct GenuineFailed: Error, CustomStringConvertible {
    let description: String
}

extension [Genuine.Line] {
    /// The attempts that began, in order.
    var attempts: [Genuine.Line] { filter { $0.ran != nil } }

    /// How often each event was seen.
    var events: [String: Int] {
        reduce(into: [:]) { counts, line in
            if let event = line.event { counts[event, default: 0] += 1 }
        }
    }
}

/// Runs `body` with a queue of ours and a genuine program on the same server.
func withGenuine(
    _ genuine: Genuine, _ body: @Sendable (BullMQQueue, Genuine) async throws -> Void
) async throws {
    try await withQueue { queue, server in
        var genuine = genuine
        genuine.port = server.port
        try await body(queue, genuine)
    }
}
