import EventSourcing
import FoundationEssentials

/// The value of `Retry-After` (RFC 9110, section 10.2.3): seconds, or a time as `Sun, 06 Nov 1994 08:49:37 GMT`.
enum RetryAfter {
    /// Nil for a text that is neither. At most a day: a longer pause is probably a mistake.
    static func duration(_ text: String, at now: Date) -> Duration? {
        let longest = 86_400.0
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Double(text) ?? longest, longest))
        }
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = String(month + 101).dropFirst()
        guard let date = RFC3339.date(from: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z") else { return nil }
        return .seconds(min(max(0, date.timeIntervalSince(now)), longest))
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
