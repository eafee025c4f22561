/// How the amounts of lines are rounded and added up.
///
/// The raw value is stored with every invoice that has lines. A rule never changes: another way to round is another
/// rule, so that what was sent to a customer can be computed again for ever.
///
/// Under either rule a line's net is quantity × unit price, rounded to the minor unit. Halves are rounded away from 0,
/// so that a line and its negative add up to 0.
package enum RoundingRule: String, CaseIterable, Sendable {
    /// A line's tax is its net × rate, rounded to the minor unit. Totals are the sums of the rounded lines.
    case lineHalfUp = "line-half-up.v1"
    /// The tax of each rate is the sum of the nets of its lines × rate, rounded to the minor unit (EN 16931, BR-CO-17).
    /// A line has no tax of its own.
    case rateHalfUp = "rate-half-up.v1"

    /// The rule where none is chosen.
    package static let standard = RoundingRule.lineHalfUp

    /// The lines with their amounts, and the totals of each rate, the highest rate first.
    ///
    /// - Throws: ``InvoiceError/linesRefused(_:)`` with everything that is wrong.
    func price(_ lines: [InvoiceLine]) throws(InvoiceError) -> (lines: [PricedLine], taxes: [TaxTotal]) {
        let nets = lines.map(Self.net)
        let tooLarge = nets.enumerated().filter { $0.element.magnitude > Money.largestInvoice.magnitude }
        guard tooLarge.isEmpty else {
            throw .linesRefused(tooLarge.map { .outOfRange(line: $0.offset, net: Int64(clamping: $0.element)) })
        }
        // From here on 64 bits are enough: 100 such amounts are 10¹³.
        let priced = zip(lines, nets).map { line, net in
            let tax = self == .lineHalfUp ? Self.tax(on: Int64(net), at: line.taxRate.basisPoints) : nil
            return PricedLine(line, net: Int64(net), tax: tax)
        }
        let taxes = Set(priced.map(\.taxRate)).sorted(by: >).map { total(of: priced, at: $0) }
        let faults = taxes.compactMap { Self.fault(in: $0, of: priced) }
        guard faults.isEmpty else { throw .linesRefused(faults) }
        return (priced, taxes)
    }

    private static func fault(in total: TaxTotal, of lines: [PricedLine]) -> InvoiceLineFault? {
        if total.netAmount < 0 {
            let line = firstCreditTooLarge(in: lines, at: total.taxRate)
            return .creditTooLarge(line: line, taxRate: total.taxRate, net: total.netAmount)
        }
        return total.taxAmount < 0 ? .negativeTax(taxRate: total.taxRate, tax: total.taxAmount) : nil
    }

    private func total(of lines: [PricedLine], at rate: Int64) -> TaxTotal {
        let lines = lines.filter { $0.taxRate == rate }
        let net = lines.reduce(0) { $0 + $1.netAmount }
        let tax =
            switch self {
            case .lineHalfUp: lines.reduce(0) { $0 + ($1.taxAmount ?? 0) }
            case .rateHalfUp: Self.tax(on: net, at: rate)
            }
        return TaxTotal(taxRate: rate, netAmount: net, taxAmount: tax)
    }

    /// The index of the first line with which the negative lines of a rate exceed the positive ones.
    private static func firstCreditTooLarge(in lines: [PricedLine], at rate: Int64) -> Int {
        var left = lines.reduce(0) { $1.taxRate == rate ? $0 + max($1.netAmount, 0) : $0 }
        return lines.firstIndex { line in
            guard line.taxRate == rate else { return false }
            left += min(line.netAmount, 0)
            return left < 0
        } ?? 0
    }

    /// Exact: no product is larger than 10²⁶, the largest quantity at the largest price, and 128 bits hold 10³⁸.
    private static func net(of line: InvoiceLine) -> Int128 {
        rounded(Int128(line.quantity.thousandths) * Int128(line.unitPrice.millionths), dividedBy: 1_000_000_000)
    }

    private static func tax(on net: Int64, at basisPoints: Int64) -> Int64 {
        Int64(rounded(Int128(net) * Int128(basisPoints), dividedBy: 10_000))
    }

    /// Halves away from 0.
    private static func rounded(_ value: Int128, dividedBy divisor: Int128) -> Int128 {
        (value < 0 ? value - divisor / 2 : value + divisor / 2) / divisor
    }
}
