import FoundationEssentials

/// Text as 7-bit lines of at most 76 characters (RFC 2045, section 6.7).
enum QuotedPrintable {
    private static let longestLine = 76

    /// Line breaks of any kind end a line.
    static func lines(of text: String) -> [String] {
        let bytes = Array(text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").utf8)
        return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).flatMap(lines(of:))
    }

    private static func lines(of line: ArraySlice<UInt8>) -> [String] {
        var (lines, current) = ([String](), "")
        for (index, byte) in zip(line.indices, line) {
            let isLast = index == line.endIndex - 1
            let token: String
            switch byte {
            case UInt8(ascii: "="): token = hex(byte)
            case UInt8(ascii: " "), UInt8(ascii: "\t"): token = isLast ? hex(byte) : String(UnicodeScalar(byte))
            case 0x21...0x7e: token = String(UnicodeScalar(byte))
            default: token = hex(byte)
            }
            if current.utf8.count + token.utf8.count > longestLine - (isLast ? 0 : 1) {
                lines.append(current + "=")
                current = ""
            }
            current += token
        }
        return lines + [current]
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.utf8.count == 1 ? "=0\(digits)" : "=\(digits)"
    }
}

/// Text in headers (RFC 2047).
enum EncodedWord {
    /// So that a word has at most 75 characters.
    private static let longestWord = 45

    /// A subject: as it is when it is short and in ASCII, else as encoded words, on lines of their own.
    static func text(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains("=?")
        return isPlain && text.utf8.count <= 66 && text.utf8.first != 0x20 && text.utf8.last != 0x20
            ? text : words(text)
    }

    /// A name in front of an address: quoted where it is in ASCII.
    static func phrase(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !name.contains("=?")
        guard isPlain, name.utf8.count <= 60 else { return words(name) }
        return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func words(_ text: String) -> String {
        var (words, current) = ([String](), [UInt8]())
        for scalar in text.unicodeScalars {
            let bytes = UTF8.encode(scalar).map(Array.init) ?? []
            if current.count + bytes.count > longestWord {
                words.append(word(current))
                current = []
            }
            current += bytes
        }
        return (words + [word(current)]).joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?utf-8?B?\(Data(bytes).base64EncodedString())?=" }
}

/// Dates of headers (RFC 5322, section 3.3), in UTC.
enum MailDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(of date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute, .second], from: date)
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let day = "\(days[(parts.weekday ?? 1) - 1]), \(parts.day ?? 1) \(months[(parts.month ?? 1) - 1])"
        return "\(day) \(parts.year ?? 1970) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }
}
