/// The rate of a tax in basis points, hundredths of a percent: 1900 are 19 %. From 0 to 10000, which is 100 %.
package struct TaxRate: Hashable, Sendable {
    package let basisPoints: Int64

    package static let range: ClosedRange<Int64> = 0...10_000

    /// Nil when the rate is not between 0 and 100 %.
    package init?(basisPoints: Int64) {
        guard Self.range.contains(basisPoints) else { return nil }
        self.init(stated: basisPoints)
    }

    /// A rate that was stored before. Nothing of it is refused.
    init(stated basisPoints: Int64) { self.basisPoints = basisPoints }
}
