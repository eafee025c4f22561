extension String {
    /// Whether it is 1 to so many characters (Unicode scalars), none of which is a control character.
    func isOneLine(ofAtMost longest: Int) -> Bool {
        (1...longest).contains(unicodeScalars.count)
            && unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
