/// What libpq says of a failed attempt to connect: text, from which the SQLSTATE has to be picked.
///
/// With verbose errors the server's part of it reads `FATAL:  28P01: password authentication failed for user "x"` and
/// is followed by a line `LOCATION: …`.
struct LoginRefusal {
    let message: String
    let sqlState: SQLState?

    init(text: String) {
        var lines: [Substring] = []
        var state: SQLState?
        for line in text.split(separator: "\n") where !line.hasPrefix("LOCATION:") {
            guard let range = line.firstRange(of: ":  "), let candidate = Self.state(in: line[range.upperBound...])
            else {
                lines.append(line)
                continue
            }
            state = candidate
            lines.append(line[..<range.lowerBound] + ": " + line[range.upperBound...].dropFirst(7))
        }
        self.message = lines.joined(separator: "; ")
        self.sqlState = state
    }

    /// Trying again cannot help.
    var isFinal: Bool { sqlState?.meaning == .access }

    private static func state(in text: Substring) -> SQLState? {
        let candidate = text.prefix(5)
        let isState = candidate.count == 5 && candidate.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
        return isState && text.dropFirst(5).hasPrefix(": ") ? SQLState(rawValue: String(candidate)) : nil
    }
}
