import Foundation
import Subprocess
import SystemPackage
import Testing

/// The README of the example says what the sources say, and shows what the program prints.
@Suite(.timeLimit(.minutes(3))) struct TutorialTests {
    private let repository = URL(filePath: #filePath).appending(path: "../../..").standardized

    private func readme() throws -> String {
        try String(contentsOf: repository.appending(path: "Examples/ProductCatalog/README.md"), encoding: .utf8)
    }

    /// The code blocks of a language, in order.
    private func blocks(_ language: String) throws -> [String] {
        try readme().components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first
        }
    }

    private func swiftFiles(in folder: String) throws -> [URL] {
        let folder = repository.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "swift" }
    }

    @Test func `every snippet is part of a source file, which is compiled`() throws {
        let files = try swiftFiles(in: "Examples/ProductCatalog") + swiftFiles(in: "Tests/ProductCatalogTests")
        let sources = try files.map { try String(contentsOf: $0, encoding: .utf8) }
        let snippets = try blocks("swift")
        #expect(snippets.count >= 6)
        for snippet in snippets { #expect(sources.contains { $0.contains(snippet) }, "\(snippet)") }
    }

    @Test func `the example has at most 300 lines`() throws {
        let lines = try swiftFiles(in: "Examples/ProductCatalog").map {
            try String(contentsOf: $0, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).count
                - 1
        }
        #expect(lines.reduce(0, +) <= 300)
    }

    @Test(arguments: [[], ["--postgres"]])
    func `the program prints what the tutorial shows, in memory and on PostgreSQL`(_ arguments: [String]) async throws {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = FilePath(tests).removingLastComponent().appending("ProductCatalog")
        let result = try await Subprocess.run(
            .path(program), arguments: Arguments(arguments), input: .none, output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        let shown = try #require(try blocks("text").first)
        #expect(withoutTimes(result.standardOutput) == withoutTimes(shown + "\n"))
    }

    /// The text with `…` in place of what the clock said.
    private func withoutTimes(_ text: String) -> String {
        text.replacing(#/in [0-9]+ × 0.1 ms/#) { _ in "in … ms" }
    }
}
