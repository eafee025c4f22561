/// What the tax office knows an invoice by: counted without a gap in each series and year of a tenant, given when the
/// invoice is issued, and kept when it is voided. `INV-2026-000001`.
package struct InvoiceNumber: Hashable, Sendable, CodableAsText {
    package let series: InvoiceSeries
    /// That of the issue date.
    package let year: Int
    /// From 1.
    package let number: Int64

    package init(series: InvoiceSeries, year: Int, number: Int64) {
        self.series = series
        self.year = year
        self.number = number
    }

    /// Reads a number as people write it; nil when the text is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let series = InvoiceSeries(String(parts[0])), parts[1].utf8.count == 4,
            (6...18).contains(parts[2].utf8.count),
            parts[1...].allSatisfy({ $0.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) }),
            let year = Int(parts[1]), let number = Int64(parts[2])
        else { return nil }
        self.init(series: series, year: year, number: number)
    }

    /// Six digits; more from the millionth on.
    package var description: String {
        let digits = String(number)
        return "\(series)-\(year)-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}

/// A series of invoice numbers, such as one for each shop: 1 to 10 of the letters A–Z and the digits.
package struct InvoiceSeries: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let longest = 10

    /// Nil when the text is empty, longer than ``longest``, or has other characters.
    package init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        rawValue = text
    }

    private init(known text: String) { rawValue = text }

    /// `INV`, of invoices that are issued without naming a series.
    package static let standard = InvoiceSeries(known: "INV")

    package var description: String { rawValue }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
