import FoundationEssentials
import InvoicesDomain
import Testing

/// What is the same text, what is a text at all, and what is found by it.
@Suite struct TextTests {
    @Test(arguments: [
        ("Cafe\u{301}", "Caf\u{E9}"), ("\u{212B}", "\u{C5}"), ("\u{1100}\u{1161}\u{11A8}", "\u{AC01}"),
        ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("\u{958}", "\u{915}\u{93C}"), ("\u{340}a", "\u{300}a"),
        ("Größe 7 – 日本", "Größe 7 – 日本"), ("\u{FB01}", "\u{FB01}"),
    ])
    func `text is kept in NFC, whatever form it came in`(_ text: String, _ normalized: String) throws {
        for kept in [Reference(text)?.rawValue, Reason(text)?.rawValue, InvoiceLine.Description(text)?.rawValue] {
            #expect(try #require(kept).utf8.elementsEqual(normalized.utf8))
        }
    }

    @Test func `text of events is compared by its code points`() {
        #expect(ExactText("Cafe\u{301}") != ExactText("Caf\u{E9}"))
        #expect(ExactText("Café") == ExactText("Caf\u{E9}"))
        #expect(Set<ExactText>(["Cafe\u{301}", "Caf\u{E9}", "Caf\u{E9}"]).count == 2)
    }

    /// Swift counts it as one character, and JSON Schema as three.
    @Test func `a length is in code points of NFC`() {
        let family = "\u{1F469}\u{200D}\u{1F469}"
        #expect(Reference(String(repeating: "e\u{301}", count: 140)) != nil)
        #expect(Reference(String(repeating: "e\u{301}", count: 141)) == nil)
        #expect(Reference(String(repeating: family, count: 46)) != nil)
        #expect(Reference(String(repeating: family, count: 47)) == nil)
        #expect(Reference(String(repeating: "\u{958}", count: 71)) == nil)
    }

    @Test(arguments: [
        "x", "PO-2026/17", "\u{A0}x", "مرجع", "ref\u{200F}", "\u{301}", "👩‍👩", "\u{600}1", "\u{E000}",
    ])
    func `text on one line is accepted`(_ text: String) {
        #expect(Reference(text) != nil)
    }

    @Test(arguments: [
        "", " ", "   ", "\u{A0}", "\u{200B}", "\u{2060}", "\u{FEFF}", "\u{3164}", "\u{115F}", "\u{1160}", "\u{FFA0}",
        "\u{2800}", "\u{AD}", "\u{FE0F}", "\u{E0020}", "\u{E0100}", "\u{180E}", "\u{3000}", "\u{202F}", "\u{34F}",
        "\u{200E}\u{A0} ", "\u{1D159}", "\u{61C}", "\u{FFF9}",
    ])
    func `text of which nothing is seen is blank`(_ text: String) {
        #expect(Reference(text) == nil)
        #expect(Reason(text) == nil)
        #expect(InvoiceLine.Description(text) == nil)
    }

    @Test(arguments: [
        "\n", "\r", "\t", "\u{0}", "\u{B}", "\u{C}", "\u{7F}", "\u{85}", "\u{9F}", "\u{2028}", "\u{2029}", "\u{202A}",
        "\u{202E}", "\u{2066}", "\u{2069}",
    ])
    func `what breaks the line, or turns what is beside it, is refused`(_ text: String) {
        #expect(Reference("two\(text)lines") == nil)
    }

    @Test(arguments: [
        ("MÜLLER", "müller"), ("Straße", "STRASSE"), ("STRAẞE", "strasse"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσεύς".replacing("ύ", with: "υ")),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("İSTANBUL", "istanbul"), ("DIŞ", "dış"), ("i\u{307}zmir", "İZMİR"),
        ("МОСКВА", "москва"), ("ԵՐԵՎԱՆ", "երեվան"), ("ﬁne", "FINE"), ("CAFE\u{301}", "caf\u{E9}"),
        ("\u{212A}elvin", "kelvin"), ("ᲗᲑᲘᲚᲘᲡᲘ", "თბილისი"), ("ꭰ", "Ꭰ"), ("ǅ", "ǆ"), ("日本", "日本"),
    ])
    func `texts that differ in capitals alone fold to the same`(_ left: String, _ right: String) {
        #expect(left.caseFolded.utf8.elementsEqual(right.caseFolded.utf8), "\(left.caseFolded) \(right.caseFolded)")
        #expect(left.caseFolded.caseFolded.utf8.elementsEqual(left.caseFolded.utf8))
    }

    @Test(arguments: [("café", "cafe"), ("Å", "A"), ("1", "１"), ("ß", "s")])
    func `texts that differ in more fold to others`(_ left: String, _ right: String) {
        #expect(left.caseFolded != right.caseFolded)
    }
}
