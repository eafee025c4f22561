import Testing

@testable import InvoicesInfrastructure

@Suite struct SearchTextTests {
    @Test func `texts are lines, folded, and nothing is looked up across them`() {
        let text = SearchText(["ÄBC", "D", "efg"])
        #expect(text.lines == "äbc\nd\nefg")
        #expect(text.grams == "äbc\nefg")
        #expect(SearchText([]).lines.isEmpty && SearchText([]).grams.isEmpty)
    }

    @Test(arguments: [
        ("ab", []), ("a", []), ("abc", ["abc"]), ("aaaa", ["aaa"]), ("abcd", ["abc", "bcd"]), ("東京", ["東京"]),
        ("東京都", ["東京都"]), ("東", []), ("東a", []),
    ])
    func `what is looked up is in the index of every text that has it`(query: String, grams: [String]) {
        #expect(Set(SearchText.grams(toFind: query)) == Set(grams))
        let indexed = SearchText(["before \(query) after"]).grams.split(separator: "\n").map(String.init)
        #expect(Set(indexed).isSuperset(of: grams))
    }

    @Test(arguments: [
        [], ["INV-2026-000001"], ["PO-4711 Ab", "INV-2026-000001"], ["a"], ["ab", "abc"], ["I i", "AAAA"],
    ])
    func `texts of ASCII are folded as all others are`(texts: [String]) throws {
        let (ascii, folded) = (try #require(SearchText(ascii: texts)), SearchText(folding: texts))
        #expect(ascii.lines == folded.lines)
        #expect(ascii.grams == folded.grams)
    }

    @Test func `what is stored is the same in every process`() {
        // Otherwise a rebuild differs from the rows that another process has written.
        #expect(SearchText(["東京都"]).grams == "東京\n京都\n東京都")
    }

    @Test func `a text of another script is not of ASCII`() {
        #expect(SearchText(ascii: ["INV-2026-000001", "Müller"]) == nil)
        #expect(SearchText(["INV-1", "MÜLLER"]).lines == "inv-1\nmüller")
    }
}
