import LibPQ
import Testing

struct `A day` {
    @Test(arguments: [
        (2000, 1, 1, 0), (1999, 12, 31, -1), (2000, 2, 29, 59), (2000, 3, 1, 60), (1970, 1, 1, -10_957),
        (2026, 11, 21, 9821),
    ])
    func `is the number of days since 2000`(year: Int, month: Int, day: Int, days: Int32) throws {
        let date = try #require(PostgresDate(year: year, month: month, day: day))
        #expect(date.daysSince2000 == days)
        #expect(date.components == (year, month, day))
    }

    @Test(arguments: [(2023, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0), (5_874_898, 1, 1)])
    func `that the calendar does not have is refused`(year: Int, month: Int, day: Int) {
        #expect(PostgresDate(year: year, month: month, day: day) == nil)
    }

    @Test func `is written as in ISO 8601`() {
        #expect(PostgresDate(year: 7, month: 3, day: 9)?.description == "0007-03-09")
    }
}
