/// The name of a write that is to be carried out once, however often it is sent (draft-ietf-httpapi-idempotency-key-header).
enum IdempotencyKey {
    static let expectation = "Send 1 to 255 visible ASCII characters, as they are or in quotes; a UUID is a good key."

    /// The key that a header's value names, bare or as a quoted string (RFC 9651, section 3.3.3).
    ///
    /// - Returns: nil when it is neither, is empty or too long, or has a character that is not visible ASCII.
    static func text(in value: String) -> String? {
        guard let key = value.hasPrefix("\"") ? unquoted(value) : value, (1...255).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return key
    }

    private static func unquoted(_ value: String) -> String? {
        guard value.count > 1, value.last == "\"" else { return nil }
        var (key, isEscaped) = ("", false)
        for character in value.dropFirst().dropLast() {
            if isEscaped {
                guard character == "\"" || character == "\\" else { return nil }
                (key, isEscaped) = (key + String(character), false)
            } else if character == "\\" {
                isEscaped = true
            } else {
                guard character != "\"" else { return nil }
                key.append(character)
            }
        }
        return isEscaped ? nil : key
    }
}
