import Foundation
import InvoicesDomain
import Testing

@Suite struct BusinessCalendarTests {
    @Test(arguments: [
        // Nearly a day ahead of UTC, in summer and in winter.
        ("Pacific/Auckland", "2026-11-27T10:59:59Z", "2026-11-27"),
        ("Pacific/Auckland", "2026-11-27T11:00:00Z", "2026-11-28"),
        ("Pacific/Auckland", "2026-06-30T11:59:59Z", "2026-06-30"),
        ("Pacific/Auckland", "2026-06-30T12:00:00Z", "2026-07-01"),
        ("Pacific/Auckland", "2026-12-31T10:59:59Z", "2026-12-31"),
        ("Pacific/Auckland", "2026-12-31T11:00:00Z", "2027-01-01"),
        // Behind UTC.
        ("America/New_York", "2027-01-01T04:59:59Z", "2026-12-31"),
        ("America/New_York", "2027-01-01T05:00:00Z", "2027-01-01"),
        // The days on which summer time begins and ends: the first is an hour short, the second an hour long.
        ("America/New_York", "2026-03-08T04:59:59Z", "2026-03-07"),
        ("America/New_York", "2026-03-08T05:00:00Z", "2026-03-08"),
        ("America/New_York", "2026-03-09T03:59:59Z", "2026-03-08"),
        ("America/New_York", "2026-03-09T04:00:00Z", "2026-03-09"),
        ("America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"),
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-01"),
        ("America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"),
        ("America/New_York", "2026-11-02T05:00:00Z", "2026-11-02"),
        // Half and quarter hours.
        ("Asia/Kolkata", "2026-11-27T18:29:59Z", "2026-11-27"), ("Asia/Kolkata", "2026-11-27T18:30:00Z", "2026-11-28"),
        ("Asia/Kathmandu", "2026-11-27T18:14:59Z", "2026-11-27"),
        ("Asia/Kathmandu", "2026-11-27T18:15:00Z", "2026-11-28"),
        // Midnight does not exist on the day that summer time begins.
        ("Africa/Cairo", "2026-04-23T21:59:59Z", "2026-04-23"), ("Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-24"),
        // The date line moved: Samoa had no 30 December 2011, and Kwajalein no 21 August 1993.
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"), ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"),
        ("Pacific/Kiritimati", "2026-12-31T09:59:59Z", "2026-12-31"),
        ("Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027-01-01"),
        ("Pacific/Pago_Pago", "2027-01-01T10:59:59Z", "2026-12-31"),
        ("Pacific/Pago_Pago", "2027-01-01T11:00:00Z", "2027-01-01"),
        ("UTC", "2026-12-31T23:59:59Z", "2026-12-31"), ("UTC", "2027-01-01T00:00:00Z", "2027-01-01"),
        ("UTC", "1969-12-31T23:59:59Z", "1969-12-31"),
    ])
    func `days begin at midnight of the zone`(zone: String, time: String, day: String) throws {
        let calendar = try #require(BusinessCalendar(zone: zone))
        let time = try Date(time, strategy: .iso8601)
        #expect(calendar.day(at: time).description == day)
        #expect(calendar.day(at: time + 0.999_999).description == day)
        #expect(calendar.zoneName == zone)
    }

    @Test(arguments: [
        ("UTC", "2026-12-31", "2027-01-01T00:00:00Z"), ("UTC", "2028-02-28", "2028-02-29T00:00:00Z"),
        ("Europe/Berlin", "2026-03-28", "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"),
        ("America/New_York", "2026-11-01", "2026-11-02T05:00:00Z"),
        ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00Z"),
        ("Asia/Kathmandu", "2026-11-27", "2026-11-27T18:15:00Z"),
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z"), ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("Pacific/Kiritimati", "2026-12-31", "2026-12-31T10:00:00Z"),
        ("Pacific/Pago_Pago", "2026-12-31", "2027-01-01T11:00:00Z"),
        ("Pacific/Auckland", "9999-12-31", "+10000-01-01T00:00:00Z"),
    ])
    func `a day is over when the next one begins`(zone: String, day: String, end: String) throws {
        let calendar = try #require(BusinessCalendar(zone: zone))
        let found = calendar.end(of: try #require(CalendarDate(day)))
        let expected =
            end.hasPrefix("+") ? Date(timeIntervalSince1970: 253_402_300_800) : try Date(end, strategy: .iso8601)
        #expect(found == expected)
    }

    @Test(arguments: ["Japan", "NZ", "CET", "Etc/GMT-14", "America/Argentina/Buenos_Aires", "Asia/Calcutta"])
    func `zones are known by every name that the database has for them`(name: String) {
        #expect(BusinessCalendar(zone: name)?.zoneName == name)
    }

    @Test(arguments: [
        "", " ", "Europe/Berln", "europe/berlin", "Europe/Berlin ", "Berlin", "PST", "IST", "GMT+2", "+02:00", "utc",
        "../../etc/passwd", "Mars/Phobos",
    ])
    func `what is no name of a zone is refused`(name: String) {
        #expect(BusinessCalendar(zone: name) == nil)
    }
}
