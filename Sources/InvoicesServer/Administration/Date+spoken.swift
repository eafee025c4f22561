import EventSourcing
import FoundationEssentials

extension Date {
    /// The time to the second and how long ago that is: `2026-11-21T09:30:00Z (3 min ago)`.
    func spoken(at now: Date = Date()) -> String {
        let second = Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down))
        return "\(RFC3339.string(from: second)) (\(Self.spoken(seconds: now.timeIntervalSince(self))) ago)"
    }

    /// A length of time in its greatest unit: `45 s`, `3 min`, `5 h`, `2 d`.
    static func spoken(seconds: TimeInterval) -> String {
        let seconds = Int(max(0, seconds))
        return switch seconds {
        case ..<100: "\(seconds) s"
        case ..<6_000: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
