/// How the amounts of lines are rounded and added up.
///
/// The raw value is stored with every invoice that has lines. A rule never changes: another way to round is another
/// rule, so that what was sent to a customer can be computed again for ever.
package enum RoundingRule: String, CaseIterable, Sendable {
    /// A line's net is quantity × unit price, rounded to the minor unit; its tax is that net × rate, rounded to the
    /// minor unit; halves are rounded up. Totals are the sums of the rounded lines.
    case lineHalfUp = "line-half-up.v1"

    /// The lines with their amounts, and the sums.
    ///
    /// Exact at every step: no product is larger than 10²¹, the net of the largest quantity at the largest price times
    /// the largest rate, and 128 bits hold 10³⁸.
    ///
    /// - Throws: ``InvoiceError/amountOutOfRange(_:largest:)`` when the total is below 1 or above the largest.
    func totals(of lines: [InvoiceLine]) throws(InvoiceError) -> (lines: [PricedLine], net: Int64, tax: Int64) {
        let amounts = lines.map { line -> (net: Int128, tax: Int128) in
            let net = Self.halfUp(Int128(line.quantity.thousandths) * Int128(line.unitPrice), dividedBy: 1_000)
            return (net, Self.halfUp(net * Int128(line.taxRate.basisPoints), dividedBy: 10_000))
        }
        let total = amounts.reduce(0) { $0 + $1.net + $1.tax }
        guard (1...Int128(Money.largestInvoice)).contains(total) else {
            throw .amountOutOfRange(Int64(clamping: total), largest: Money.largestInvoice)
        }
        // No part of a sum without negative parts is larger than the sum.
        let priced = zip(lines, amounts).map { PricedLine($0, net: Int64($1.net), tax: Int64($1.tax)) }
        return (priced, priced.reduce(0) { $0 + $1.netAmount }, priced.reduce(0) { $0 + $1.taxAmount })
    }

    /// - Parameter value: not negative.
    private static func halfUp(_ value: Int128, dividedBy divisor: Int128) -> Int128 {
        (value + divisor / 2) / divisor
    }
}
