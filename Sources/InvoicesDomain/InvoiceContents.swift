/// What an invoice asks money for.
package enum InvoiceContents: Hashable, Sendable {
    /// So much in minor units, and no more is said of it. No tax is computed: the amount is net and total at once.
    case amount(Int64)
    /// 1 to 100 lines, which the total is computed from.
    case lines([InvoiceLine])

    package static let lineCounts = 1...100
}
