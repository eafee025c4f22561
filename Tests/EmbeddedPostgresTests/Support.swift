import EmbeddedPostgres
import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage
import Testing

/// Lends a new directory to a test and removes it afterwards.
func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = "/tmp/embedded-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    // A directory that cannot be removed has a server in it that should have ended.
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: directory) } }
    try await body(directory)
}

/// Starts a server for a test and stops it afterwards.
func withServer(
    in directory: String,
    settings: [String: String] = [:],
    installation: PostgresInstallation? = nil,
    _ body: (EmbeddedPostgres) async throws -> Void
) async throws {
    let server = try await EmbeddedPostgres.start(in: directory, settings: settings, installation: installation)
    do {
        try await body(server)
    } catch {
        try await server.stop()
        throw error
    }
    try await server.stop()
}

extension EmbeddedPostgres {
    /// Runs SQL through `psql`, which comes with the server programs, and returns what it prints.
    @discardableResult
    func psql(_ sql: String) async throws -> String {
        let result = try await Subprocess.run(
            .name("psql"),
            arguments: [
                "--host=\(socketDirectory)", "--port=\(port)", "--username=\(username)", "--dbname=postgres",
                "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--command=\(sql)",
            ],
            output: .string(limit: 64 * 1024),
            error: .string(limit: 64 * 1024)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return String(result.standardOutput.prefix { !$0.isNewline })
    }

    /// Expects SQL to print one line.
    func expect(
        _ sql: String,
        prints expected: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let printed = try await psql(sql)
        #expect(printed == expected, sourceLocation: sourceLocation)
    }
}

/// Waits until a condition holds; the test's time limit ends a wait whose condition never holds.
func eventually(_ condition: () throws -> Bool) async throws {
    while try !condition() { try await Task.sleep(for: .milliseconds(10)) }
}

/// Writes an executable shell script.
func writeScript(_ text: String, to path: String) throws {
    try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
}
