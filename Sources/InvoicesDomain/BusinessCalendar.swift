import EventSourcing
package import FoundationEssentials

/// Which day it is for the business: the one rule for "today", the year of a number, the day of issue, and overdue.
package struct BusinessCalendar: Hashable, Sendable {
    /// As it was configured, such as `Europe/Berlin`.
    package let zoneName: String
    private let zone: TimeZone

    private init(known zoneName: String, _ zone: TimeZone) {
        self.zoneName = zoneName
        self.zone = zone
    }

    /// The days of UTC.
    package static let utc = BusinessCalendar(known: "UTC", .gmt)

    /// The days of a zone of the IANA time zone database; nil when it has no zone of this name.
    ///
    /// Abbreviations such as `PST` and offsets such as `GMT+2`, which Foundation reads as well, are not names of zones.
    package init?(zone name: String) {
        if name == Self.utc.zoneName {
            self = .utc
            return
        }
        guard name.contains("/") || Self.namesWithoutRegion.contains(name), let zone = TimeZone(identifier: name) else {
            return nil
        }
        self.init(known: name, zone)
    }

    /// The day that it is at a time. Days begin at midnight of the zone, whatever its offset is on that day.
    ///
    /// - Precondition: the day is between the years 1 and 9999.
    package func day(at time: Date) -> CalendarDate {
        CalendarDate(inUTC: time + TimeInterval(zone.secondsFromGMT(for: time)))
    }

    /// The moment at which a day is over: the first second of the next one. In the years 1 and 9999 it is that of UTC.
    package func end(of day: CalendarDate) -> Date {
        let midnight = RFC3339.days(fromYear: day.year, month: day.month, day: day.day) * 86_400
        guard (2...9998).contains(day.year) else { return Date(timeIntervalSince1970: TimeInterval(midnight + 86_400)) }
        // No zone is as much as 16 hours away from UTC.
        var (earlier, later) = (midnight + 8 * 3_600, midnight + 40 * 3_600)
        while later - earlier > 1 {
            let middle = (earlier + later) / 2
            let isOver = self.day(at: Date(timeIntervalSince1970: TimeInterval(middle))) > day
            if isOver { later = middle } else { earlier = middle }
        }
        return Date(timeIntervalSince1970: TimeInterval(later))
    }

    private static let namesWithoutRegion: Set<String> = [
        "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "GB", "GB-Eire", "GMT", "Greenwich", "HST",
        "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya", "MET", "MST", "MST7MDT",
        "NZ",
        "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey", "UCT",
        "Universal", "W-SU", "WET", "Zulu",
    ]
}
