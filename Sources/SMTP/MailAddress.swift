/// An address of a mailbox, with the name that it is shown with: `Invoices <invoices@example.com>`.
public struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// `local@domain`, in ASCII.
    public let address: String
    /// Shown instead of the address; nil for none.
    public let name: String?

    /// Reads an address, or a name and an address in angle brackets.
    ///
    /// Nil for one that is not in ASCII, is quoted, is longer than 254 bytes, or has what breaks a line.
    public init?(_ text: String) {
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else { return nil }
        var (address, name) = (Substring(text), String?.none)
        if text.hasSuffix(">"), let start = text.lastIndex(of: "<") {
            address = text[text.index(after: start)...].dropLast()
            let words = text[..<start].split(separator: " ").joined(separator: " ")
            let bare =
                words.hasPrefix("\"") && words.hasSuffix("\"") && words.count > 1
                ? String(words.dropFirst().dropLast()) : words
            name = bare.isEmpty ? nil : bare
        }
        guard Self.isAddress(address) else { return nil }
        self.address = String(address)
        self.name = name
    }

    /// What is behind the last `@`.
    public var domain: Substring { address[address.index(after: address.lastIndex(of: "@")!)...] }

    /// `name <address>`, or the address alone.
    public var description: String { name.map { "\($0) <\(address)>" } ?? address }

    /// Dot-atoms on both sides, which no command and no header can misread (RFC 5322, section 3.2.3).
    private static func isAddress(_ text: Substring) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, parts[0].utf8.count <= 64 else { return false }
        func isDotAtom(_ text: Substring, _ symbols: String) -> Bool {
            text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
                !atom.isEmpty
                    && atom.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"):
                            true
                        default: symbols.utf8.contains(byte)
                        }
                    }
            }
        }
        return isDotAtom(parts[0], "!#$%&'*+-/=?^_`{|}~") && isDotAtom(parts[1], "-")
    }
}
