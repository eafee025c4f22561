/// The totals of all lines of one rate of tax.
package struct TaxTotal: Codable, Hashable, Sendable {
    /// In basis points.
    package let taxRate: Int64
    /// Before tax, in minor units.
    package let netAmount: Int64
    /// In minor units.
    package let taxAmount: Int64

    package init(taxRate: Int64, netAmount: Int64, taxAmount: Int64) {
        self.taxRate = taxRate
        self.netAmount = netAmount
        self.taxAmount = taxAmount
    }

    /// Net and tax.
    package var amount: Int64 { netAmount + taxAmount }
}
