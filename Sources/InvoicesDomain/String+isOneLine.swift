extension String {
    /// Whether it is 1 to so many characters (Unicode scalars), none of which is a control character, and not only spaces.
    func isOneLine(ofAtMost longest: Int) -> Bool {
        (1...longest).contains(unicodeScalars.count) && utf8.contains { $0 != UInt8(ascii: " ") }
            && unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
