package import FoundationEssentials

/// Why a decision on an invoice was refused.
package enum InvoiceError: Error, Hashable, Sendable {
    /// There is no such invoice.
    case notFound
    /// An invoice with this id exists, with other contents.
    case alreadyExists
    /// The total is not between 1 and the largest, both in minor units.
    case amountOutOfRange(Int64, largest: Int64)
    /// Some lines, or the lines of some rates of tax, cannot be billed: everything that is wrong with them, at least one.
    case linesRefused([InvoiceLineFault])
    /// A rounding rule was chosen for an invoice of a plain amount, which has no lines.
    case nothingToRound
    /// An invoice has either a plain amount or ``InvoiceContents/lineCounts`` lines.
    case wrongNumberOfLines(Int)
    /// The invoice, as it stands, does not allow this action; it allows those, which may be none.
    case notAllowed(InvoiceAction, InvoiceStanding, allowed: [InvoiceAction])
    /// A payment is not between 1 and what is due.
    case paymentOutOfRange(Int64, due: Int64)
    /// The invoice has a payment with this id, with other contents.
    case paymentAlreadyExists(PaymentID)
    /// The invoice has no payment with this id.
    case paymentNotFound(PaymentID)
    /// The payment was reversed before.
    case paymentAlreadyReversed(PaymentID)
    /// A refund is not between 1 and what was paid and is not given back yet.
    case refundOutOfRange(Int64, refundable: Int64)
    /// A payment is said to be of a time before 1970 or too far in the future.
    case paymentTimeOutOfRange(Date, latest: Date)
    /// The issue date is in the future, or too far in the past.
    case issueDateOutOfRange(CalendarDate, allowed: ClosedRange<CalendarDate>)
}

/// What is wrong with lines. A line is named by its index, a rate is in basis points, amounts are in minor units.
package enum InvoiceLineFault: Hashable, Sendable {
    /// The net of the line is above the largest amount or below its negative.
    case outOfRange(line: Int, net: Int64)
    /// The net of all lines of the rate is negative. The line is the first one with which the negative lines of the rate
    /// exceed the positive ones.
    case creditTooLarge(line: Int, taxRate: Int64, net: Int64)
    /// The net of all lines of the rate is not negative, but the sum of their rounded taxes is.
    case negativeTax(taxRate: Int64, tax: Int64)
}
