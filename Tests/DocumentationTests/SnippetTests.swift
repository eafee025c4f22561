import Foundation
import Testing

/// A block of Swift in a page.
struct Snippet: CustomTestStringConvertible {
    let page: String
    let line: Int
    let code: [String]

    var testDescription: String { "\(page):\(line)" }

    /// The blocks of a page that begin with three backticks and the word swift.
    static func all(in page: URL) throws -> [Snippet] {
        var snippets: [Snippet] = []
        var open: (line: Int, code: [String])?
        for (index, line) in try Repository.lines(of: page).enumerated() {
            if line == "```swift" {
                open = (index + 1, [])
            } else if line == "```", let block = open {
                snippets.append(Snippet(page: Repository.name(of: page), line: block.line, code: block.code))
                open = nil
            } else {
                open?.code.append(line)
            }
        }
        return snippets
    }

    /// Whether the lines follow one another in a source file, all of them indented by the same number of spaces more.
    func occurs(in source: [String]) -> Bool {
        guard let first = code.first else { return false }
        return source.indices.contains { start in
            guard source.count - start >= code.count, source[start].hasSuffix(first) else { return false }
            let indentation = source[start].dropLast(first.count)
            guard indentation.allSatisfy({ $0 == " " }) else { return false }
            return zip(code, source[start...]).allSatisfy { wanted, found in
                wanted.isEmpty ? found.isEmpty : found == indentation + wanted
            }
        }
    }
}

@Suite struct SnippetTests {
    /// What is compiled by the tests: the snippets, other tests, and examples.
    private static let sources = Result {
        try ["Tests", "Examples"].flatMap { try Repository.files(below: $0, ".swift") }.map(Repository.lines(of:))
    }

    @Test(arguments: try Repository.pages().flatMap(Snippet.all(in:)))
    func `the code of every page is compiled`(_ snippet: Snippet) throws {
        let isCompiled = try Self.sources.get().contains { snippet.occurs(in: $0) }
        #expect(
            isCompiled,
            "\(snippet.testDescription) is not compiled: put it into a file of Tests/DocumentationTests/Snippets")
    }

    @Test func `code that was changed in one place is noticed`() {
        let source = ["func f() {", "    let a = 1", "", "    return a", "}"]
        #expect(Snippet(page: "", line: 1, code: ["let a = 1", "", "return a"]).occurs(in: source))
        #expect(!Snippet(page: "", line: 1, code: ["let a = 2", "", "return a"]).occurs(in: source))
        #expect(!Snippet(page: "", line: 1, code: ["let a = 1", "return a"]).occurs(in: source))
    }
}
