import InvoicesDomain

/// Texts as they are searched: folded, a line each, with the sequences of characters by which an index finds them.
///
/// The service folds what is stored and what is looked for in the same way, so that no database and no locale has a say in
/// what is found. See the record Search.
struct SearchText: Hashable {
    /// Folded, a line each. No text has a line break in it.
    let lines: String
    /// Every three characters that follow one another, and every two of a script in which two are a word; a line each.
    let grams: String

    init(_ texts: [String]) { self = SearchText(ascii: texts) ?? SearchText(folding: texts) }

    /// - Parameter texts: of any script.
    init(folding texts: [String]) {
        let folded = texts.map(\.caseFolded)
        lines = folded.joined(separator: "\n")
        grams = folded.flatMap { Self.grams(of: $0, lengths: [2, 3]) }.joined(separator: "\n")
    }

    /// The same as ``init(folding:)``, in a twentieth of the time; nil when the texts are not of ASCII alone. Every invoice
    /// that is written has such a number.
    init?(ascii texts: [String]) {
        var (lines, grams): ([UInt8], [UInt8]) = ([], [])
        for text in texts {
            if !lines.isEmpty { lines.append(UInt8(ascii: "\n")) }
            let start = lines.count
            for byte in text.utf8 {
                guard byte < 0x80 else { return nil }
                let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                lines.append(isCapital ? byte | 0x20 : byte)
            }
            for gram in start..<max(start, lines.count - 2) {
                if !grams.isEmpty { grams.append(UInt8(ascii: "\n")) }
                grams += lines[gram..<gram + 3]
            }
        }
        self.lines = String(decoding: lines, as: UTF8.self)
        self.grams = String(decoding: grams, as: UTF8.self)
    }

    /// What the index has of every text with these characters in it; none when they are too few to be looked up.
    static func grams(toFind folded: String) -> [String] {
        let characters = folded.unicodeScalars.count
        return Array(Set(grams(of: folded, lengths: [min(3, characters)])))
    }

    private static func grams(of folded: String, lengths: [Int]) -> [String] {
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
