import InvoicesDomain

/// Texts as they are searched: folded, a line each, with the sequences of characters by which an index finds them.
///
/// The service folds what is stored and what is looked for in the same way, so that no database and no locale has a say in
/// what is found. See the record Search.
struct SearchText {
    /// Folded, a line each. No text has a line break in it.
    let lines: String
    /// Every three characters that follow one another, and every two of a script in which two are a word; a line each.
    let grams: String

    init(_ texts: [String]) {
        let folded = texts.map(\.caseFolded)
        lines = folded.joined(separator: "\n")
        let grams = folded.flatMap { Self.grams(of: $0, lengths: [2, 3]) }
        self.grams = Set(grams).sorted().joined(separator: "\n")
    }

    /// What the index has of every text with these characters in it; none when they are too few to be looked up.
    static func grams(toFind folded: String) -> [String] {
        let characters = folded.unicodeScalars.count
        return Array(Set(grams(of: folded, lengths: [min(3, characters)])))
    }

    private static func grams(of folded: String, lengths: Set<Int>) -> [String] {
        let characters = Array(folded.unicodeScalars)
        return lengths.flatMap { length in
            guard length >= 2, characters.count >= length else { return [String]() }
            return (0...characters.count - length).compactMap { start in
                let gram = characters[start..<start + length]
                guard length == 3 || gram.allSatisfy(\.isOfShortWords) else { return nil }
                var text = String.UnicodeScalarView()
                text.append(contentsOf: gram)
                return String(text)
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is of the scripts of East Asia, where a character is a syllable or a word.
    fileprivate var isOfShortWords: Bool { value >= 0x2E80 }
}
