package import FoundationEssentials

/// Why a decision on an invoice was refused.
package enum InvoiceError: Error, Hashable, Sendable {
    /// There is no such invoice.
    case notFound
    /// An invoice with this id exists, with other contents.
    case alreadyExists
    /// The total is not between 1 and the largest, both in minor units.
    case amountOutOfRange(Int64, largest: Int64)
    /// An invoice has either a plain amount or ``InvoiceContents/lineCounts`` lines.
    case wrongNumberOfLines(Int)
    /// The invoice, as it stands, does not allow this action; it allows those, which may be none.
    case notAllowed(InvoiceAction, InvoiceStanding, allowed: [InvoiceAction])
    /// A payment is not between 1 and what is due.
    case paymentOutOfRange(Int64, due: Int64)
    /// A refund is not between 1 and what was paid and is not given back yet.
    case refundOutOfRange(Int64, refundable: Int64)
    /// A payment is said to be of a time before 1970 or too far in the future.
    case paymentTimeOutOfRange(Date, latest: Date)
    /// The issue date is to come, or too long ago.
    case issueDateOutOfRange(CalendarDate, allowed: ClosedRange<CalendarDate>)
}
