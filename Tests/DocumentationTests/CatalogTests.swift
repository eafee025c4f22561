import Foundation
import Testing

/// What can be seen of the catalogs without rendering them; `make docs` finds every other broken link.
@Suite struct CatalogTests {
    @Test(arguments: try Repository.pages())
    func `links between the pages of a catalog lead somewhere`(_ page: URL) throws {
        let catalog = String(try #require(Repository.name(of: page).split(separator: ".docc/").first)) + ".docc"
        let articles = try Repository.files(below: catalog, ".md").map { $0.deletingPathExtension().lastPathComponent }
        let text = try String(contentsOf: page, encoding: .utf8)
        for link in text.matches(of: /<doc:([A-Za-z0-9-]+)>/) {
            #expect(articles.contains(String(link.output.1)))
        }
    }

    /// Records that a page does not list are listed by docc, behind everything else.
    @Test(arguments: try Repository.pages().filter { !$0.path.contains("/Decisions/") })
    func `every guide is listed by the first page of its catalog`(_ page: URL) throws {
        let path = Repository.name(of: page)
        let catalog = String(try #require(path.split(separator: ".docc/").first))
        let root = Repository.root.appending(path: catalog + ".docc").appending(
            path: String(try #require(catalog.split(separator: "/").last)) + ".md")
        guard page.path != root.path else { return }
        let topics = try String(contentsOf: root, encoding: .utf8)
        let isListed = topics.contains("- <doc:\(page.deletingPathExtension().lastPathComponent)>")
        #expect(isListed)
    }

    @Test func `the tests that a page names exist`() throws {
        let tests = try Repository.files(below: "Tests", ".swift").map { try String(contentsOf: $0, encoding: .utf8) }
            .joined()
        let pages = try Repository.pages().map { try String(contentsOf: $0, encoding: .utf8) }
        let named = pages.flatMap { $0.matches(of: /(?m)^- Test: `([^`]+)`$/).map { String($0.output.1) } }
        #expect(named.count >= 20)
        let missing = named.filter { !tests.contains("func `\($0)`(") }
        #expect(missing.isEmpty)
    }
}
