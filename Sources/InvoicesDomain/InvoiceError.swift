/// Why a decision on an invoice was refused.
package enum InvoiceError: Error, Hashable, Sendable {
    /// There is no such invoice.
    case notFound
    /// An invoice with this id exists, with other contents.
    case alreadyExists
    /// The amount is not between 1 and the largest, both in minor units.
    case amountOutOfRange(Int64, largest: Int64)
    /// The invoice is paid already.
    case alreadyPaid
}
