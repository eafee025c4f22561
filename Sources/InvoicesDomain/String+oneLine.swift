extension String {
    /// The text in NFC, if it can be read on one line; nil otherwise.
    ///
    /// It has 1 to so many code points in NFC, one that is seen at least, and none that breaks the line or turns the
    /// direction of what is written beside it.
    func oneLine(ofAtMost longest: Int) -> String? {
        let text = normalized
        guard (1...longest).contains(text.unicodeScalars.count), !text.unicodeScalars.contains(where: \.breaksLines),
            text.unicodeScalars.contains(where: \.isSeen)
        else { return nil }
        return text
    }
}

extension Unicode.Scalar {
    /// A control character, a separator of lines or paragraphs, or a control of direction that reaches beyond the text
    /// (Unicode Standard Annex #9: embeddings, overrides and isolates). Marks of direction reach no further than a letter.
    fileprivate var breaksLines: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Whether something is printed for it: not for white space, nor for what Unicode lets programs ignore, such as U+200B,
    /// U+FEFF and the fillers of Hangul, nor for anchors of annotations and the two symbols that are blank.
    fileprivate var isSeen: Bool {
        if isASCII { return value > 0x20 && value != 0x7F }
        guard !properties.isWhitespace, !properties.isDefaultIgnorableCodePoint else { return false }
        return ![0x2800, 0xFFF9, 0xFFFA, 0xFFFB, 0x1D159].contains(value)
    }
}
