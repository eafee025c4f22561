/// How much of something a line bills: a decimal of at most three fraction digits, from 0.001 to 1,000,000, with either
/// sign.
package struct Quantity: Hashable, Comparable, Sendable, CodableAsText {
    /// 1500 are 1.5.
    package let thousandths: Int64

    package static let fractionDigits = 3
    /// Without the sign.
    package static let range: ClosedRange<Int64> = 1...1_000_000_000

    /// Nil when the quantity, without its sign, is not between 0.001 and 1,000,000.
    package init?(thousandths: Int64) {
        guard Self.range.contains(Int64(clamping: thousandths.magnitude)) else { return nil }
        self.thousandths = thousandths
    }

    /// Reads decimal digits with at most three of them after a point, such as `3`, `1.5` or `-1`; nil when the text is
    /// anything else or out of range.
    package init?(_ text: String) {
        guard let thousandths = Int64(decimal: text, wholeDigits: 10, fractionDigits: Self.fractionDigits) else {
            return nil
        }
        self.init(thousandths: thousandths)
    }

    /// Without zeros that say nothing: `3`, `1.5`, `0.125`.
    package var description: String { thousandths.decimal(fractionDigits: Self.fractionDigits) }

    package static func < (left: Quantity, right: Quantity) -> Bool { left.thousandths < right.thousandths }
}
