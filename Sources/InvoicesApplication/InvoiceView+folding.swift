package import EventSourcing
import FoundationEssentials
package import InvoicesDomain

extension InvoiceView {
    /// Takes in what has happened to an invoice; nil is one of which nothing is known yet.
    ///
    /// - Throws: ``UnknownCurrency`` when it is in a currency that nobody here could write; ``UnnumberedInvoice`` when it
    ///   was issued without a number.
    package static func evolve(_ view: inout InvoiceView?, with recorded: Recorded<InvoiceEvent>) throws {
        switch recorded.event {
        case .created(let created):
            view = InvoiceView(
                id: created.invoiceId, terms: try created.terms.inKnownCurrency,
                standing: InvoiceStanding(created), createdAt: created.createdAt, issuedAt: created.issuedAt,
                revision: recorded.record.revision)
        case .revised(let revised):
            view?.terms = try revised.terms.inKnownCurrency
            view?.standing.revise(total: revised.terms.amount)
        case .issued(let issued):
            view?.number = try InvoiceNumber(issued)
            view?.issuedAt = issued.issuedAt
            view?.standing.issue()
        case .paymentReceived(let payment):
            if view?.standing.receive(payment.amount) == true { view?.paidAt = payment.paidAt }
        case .refunded(let refund):
            view?.standing.refund(refund.amount)
        case .voided(let voided):
            view?.standing.void()
            view?.voidedAt = voided.voidedAt
            view?.voidReason = voided.reason
        }
        view?.revision = recorded.record.revision
    }
}

extension InvoiceTerms {
    /// The terms themselves, if they are in a currency that this program knows.
    fileprivate var inKnownCurrency: InvoiceTerms {
        get throws(UnknownCurrency) {
            guard Currency(code: currency) != nil else { throw UnknownCurrency(code: currency) }
            return self
        }
    }
}

/// A currency that this program does not know: an event or a row of a later version of it.
package struct UnknownCurrency: CategorizedError, CustomStringConvertible {
    package var category: ErrorCategory { .poison }

    package let code: String

    package init(code: String) { self.code = code }

    package var description: String { "this program does not know the currency \"\(code)\"; run one that does" }
}

extension InvoiceNumber {
    fileprivate init(_ issued: InvoiceIssued) throws {
        guard let sequenceNumber = issued.sequenceNumber,
            let number = InvoiceNumber(issued, sequenceNumber: sequenceNumber)
        else { throw UnnumberedInvoice(invoice: issued.invoiceId, series: issued.series) }
        self = number
    }
}

/// An invoice was issued without a number, or in a series that this program does not know.
package struct UnnumberedInvoice: CategorizedError, CustomStringConvertible {
    package var category: ErrorCategory { .poison }

    package let invoice: InvoiceID
    package let series: String

    package var description: String {
        "invoice \(invoice) was issued in the series \"\(series)\" without a number that this program can read"
    }
}
