/// Amounts are whole numbers of a currency's minor unit: 1250 in EUR are 12.50 €.
package enum Money {
    /// The largest amount of one invoice, in minor units: a thousand million in a currency with cents. Small enough
    /// that the sum of a million invoices is far from overflowing, and that every JSON reader holds it exactly.
    package static let largestInvoice: Int64 = 100_000_000_000
}
