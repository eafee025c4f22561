package import EventSourcing
package import InvoicesDomain

/// An invoice that this program cannot show: its events say something that only a later version of the program knows.
package enum UnreadableInvoice: CategorizedError, Hashable, CustomStringConvertible {
    case unknownCurrency(InvoiceID, code: String)
    /// It was issued without a number, or in a series that this program does not know.
    case unnumbered(InvoiceID, series: String)

    package var category: ErrorCategory { .poison }

    package var description: String {
        switch self {
        case .unknownCurrency(let invoice, let code):
            "this program does not know the currency \"\(code)\" of invoice \(invoice); run one that does"
        case .unnumbered(let invoice, let series):
            "invoice \(invoice) was issued in the series \"\(series)\" without a number that this program can read"
        }
    }
}

/// Events of an invoice could not be applied to the read model, which has no present state of it. The log may have one.
package struct InvoiceSetAside: CategorizedError, Hashable, CustomStringConvertible {
    package let invoice: InvoiceID

    package init(_ invoice: InvoiceID) { self.invoice = invoice }

    package var category: ErrorCategory { .poison }

    package var description: String { "events of invoice \(invoice) are parked: invoices projections parked invoices" }
}

extension InvoiceDetails {
    /// - Throws: ``UnreadableInvoice``.
    package func requireReadable() throws(UnreadableInvoice) {
        guard Currency(code: terms.currency) != nil else { throw .unknownCurrency(id, code: terms.currency) }
        if let series, number == nil { throw .unnumbered(id, series: series) }
    }
}

extension InvoiceEvent {
    /// - Throws: ``UnreadableInvoice`` for an event that leads to an invoice that cannot be shown.
    func requireReadable() throws(UnreadableInvoice) {
        switch self {
        case .created(let created):
            try Self.require(created.terms, of: invoiceId)
            if let series = created.series, invoiceNumber == nil { throw .unnumbered(invoiceId, series: series) }
        case .revised(let revised): try Self.require(revised.terms, of: invoiceId)
        case .issued(let issued):
            if invoiceNumber == nil { throw .unnumbered(invoiceId, series: issued.series) }
        case .paymentReceived, .paymentReversed, .refunded, .voided, .becameOverdue, .reminderRequested: break
        }
    }

    private static func require(_ terms: InvoiceTerms, of invoice: InvoiceID) throws(UnreadableInvoice) {
        guard Currency(code: terms.currency) != nil else { throw .unknownCurrency(invoice, code: terms.currency) }
    }
}
