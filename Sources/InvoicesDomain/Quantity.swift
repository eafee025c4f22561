/// How much of something a line bills: a decimal of at most three fraction digits, from 0.001 to 1,000,000.
///
/// It is kept as an integer of thousandths and written as a decimal, since binary fractions would lose some of it.
package struct Quantity: Hashable, Comparable, Sendable, CodableAsText {
    /// 1500 are 1.5.
    package let thousandths: Int64

    package static let fractionDigits = 3
    package static let range: ClosedRange<Int64> = 1...1_000_000_000

    /// Nil when the quantity is not between 0.001 and 1,000,000.
    package init?(thousandths: Int64) {
        guard Self.range.contains(thousandths) else { return nil }
        self.thousandths = thousandths
    }

    /// Reads decimal digits with at most three of them after a point, such as `3` or `1.5`; nil when the text is
    /// anything else (a sign, an exponent, a separator of thousands) or out of range.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, (1...10).contains(parts[0].utf8.count) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard (1...Self.fractionDigits).contains(fraction.utf8.count) else { return nil }
        let padding = String(repeating: "0", count: Self.fractionDigits - fraction.utf8.count)
        let digits = String(parts[0]) + fraction + padding
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let thousandths = Int64(digits)
        else { return nil }
        self.init(thousandths: thousandths)
    }

    /// Without zeros that say nothing: `3`, `1.5`, `0.125`.
    package var description: String {
        let (whole, fraction) = thousandths.quotientAndRemainder(dividingBy: 1_000)
        guard fraction != 0 else { return String(whole) }
        var digits = String(1_000 + fraction).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    package static func < (left: Quantity, right: Quantity) -> Bool { left.thousandths < right.thousandths }
}
