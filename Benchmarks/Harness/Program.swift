import FoundationEssentials
import Subprocess
import SystemPackage

/// A program that is run as a child.
struct Program: Sendable {
    let path: String

    /// Runs it, waits for its end, and returns what it printed.
    ///
    /// - Throws: ``ProgramFailed`` when it ends with an error.
    @discardableResult
    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> String {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), environment: inherited(with: environment),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw ProgramFailed(path: path, output: result.standardError + result.standardOutput)
        }
        return result.standardOutput
    }

    /// Runs it as ``run(_:environment:)`` does and throws away what it prints, as the shell does with `> /dev/null`.
    func runDiscardingOutput(_ arguments: [String]) async throws {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), output: .discarded, error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw ProgramFailed(path: path, output: result.standardError)
        }
    }

    private func inherited(with variables: [String: String]) -> Environment {
        .inherit.updating(Dictionary(uniqueKeysWithValues: variables.map { (.init(stringLiteral: $0), $1) }))
    }
}

/// A program ended with an error.
struct ProgramFailed: Error, CustomStringConvertible {
    let path: String
    let output: String

    var description: String { "\(path) failed:\n\(output)" }
}
