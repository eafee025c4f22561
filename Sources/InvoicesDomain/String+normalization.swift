@_spi(_Unicode) import Swift

extension String {
    /// The text in Normalization Form C (Unicode Standard Annex #15): of the spellings that mean the same characters,
    /// the composed one. Swift holds all of them equal; bytes, PostgreSQL and hashes do not.
    ///
    /// The standard library has it as `_nfc`, which Foundation uses in the same way.
    package var normalized: String {
        // Below U+0300 nothing composes, and no character has another spelling.
        if unicodeScalars.allSatisfy({ $0.value < 0x300 }) { return self }
        var scalars = UnicodeScalarView()
        scalars.append(contentsOf: _nfc)
        return String(scalars)
    }

    /// The text in NFC, with the differences of capital and small letters taken away: two texts that differ in nothing
    /// else have the same one, whatever the language and the database.
    ///
    /// It is Unicode's full case folding (the Unicode Standard, section 3.13), with all four letters i of Turkish as one:
    /// `ß` is `ss`, `ς` is `σ`, `İ` and `ı` are `i`.
    package var caseFolded: String {
        if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
        var folded = UnicodeScalarView()
        for scalar in normalized.unicodeScalars.flatMap(\.caseFolded) {
            // The dot of a Turkish İ in small letters, which a small i has already.
            if scalar == "\u{307}", folded.last == "i" { continue }
            folded.append(scalar)
        }
        return String(folded).normalized
    }
}

extension Unicode.Scalar {
    /// The small letters of the capital ones. The capital ẞ has no capital letters of its own, so it is made small before.
    fileprivate var caseFolded: [Unicode.Scalar] {
        properties.lowercaseMapping.unicodeScalars
            .flatMap { $0.properties.uppercaseMapping.unicodeScalars }
            .flatMap { $0.properties.lowercaseMapping.unicodeScalars }
    }
}
