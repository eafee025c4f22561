package import FoundationEssentials

extension Invoice {
    /// Makes out an invoice: as a draft, or issued at once. Saying again what was said says nothing new.
    ///
    /// - Throws: ``InvoiceError/alreadyExists``, and what ``InvoiceTerms`` refuses.
    package func create(_ new: NewInvoice, at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        let terms = try InvoiceTerms(
            customer: new.customer, contents: new.contents, currency: new.currency, dueDate: new.dueDate,
            reference: new.reference)
        if let created {
            guard created.terms == terms, isIssued(as: new) else { throw .alreadyExists }
            return []
        }
        let created = InvoiceEvent.created(InvoiceCreated(invoiceId: new.id, terms: terms, createdAt: now))
        guard let series = new.series else { return [created] }
        return [created, .issued(InvoiceIssued(invoiceId: new.id, series: series, issuedAt: now))]
    }

    /// A draft may have been issued since. Invoices of the first version were issued in no series, which is any.
    private func isIssued(as new: NewInvoice) -> Bool {
        guard let wanted = new.series else { return created?.issuedAt == nil }
        return created?.issuedAt != nil || series == wanted.rawValue
    }

    /// Changes a draft. A change to what is there already says nothing new.
    ///
    /// - Throws: ``InvoiceError/notFound``, ``InvoiceError/notAllowed(_:_:allowed:)``, and what ``InvoiceTerms`` refuses.
    package func revise(_ revision: InvoiceRevision, at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        let (id, terms) = try require(.revise)
        let revised = try terms.revised(by: revision)
        guard revised != terms else { return [] }
        return [.revised(InvoiceRevised(invoiceId: id, terms: revised, revisedAt: now))]
    }

    /// Makes a draft an invoice that is to be paid, with the next number of its series and year.
    ///
    /// - Throws: ``InvoiceError/notFound`` and ``InvoiceError/notAllowed(_:_:allowed:)``.
    package func issue(
        at now: Date, series: InvoiceSeries = .standard
    ) throws(InvoiceError) -> [InvoiceEvent] {
        let (id, _) = try require(.issue)
        return [.issued(InvoiceIssued(invoiceId: id, series: series, issuedAt: now))]
    }

    /// Takes a payment of what is due, or of a part of it. The last one closes the invoice.
    ///
    /// A payment may be older than the invoice, as a deposit is, but not older than 1970.
    ///
    /// - Throws: ``InvoiceError/notFound``, ``InvoiceError/notAllowed(_:_:allowed:)``,
    ///   ``InvoiceError/paymentOutOfRange(_:due:)``, ``InvoiceError/paymentTimeOutOfRange(_:latest:)``.
    package func pay(_ payment: Payment = Payment(), at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        let (id, _) = try require(.pay)
        let amount = payment.amount ?? standing.due
        guard amount >= 1, amount <= standing.due else { throw .paymentOutOfRange(amount, due: standing.due) }
        let (paidAt, latest) = (payment.paidAt ?? now, now + Payment.tolerance)
        guard paidAt.timeIntervalSince1970 >= 0, paidAt <= latest else {
            throw .paymentTimeOutOfRange(paidAt, latest: latest)
        }
        return [
            .paymentReceived(
                InvoicePaymentReceived(
                    invoiceId: id, amount: amount, method: payment.method, reference: payment.reference,
                    paidAt: paidAt))
        ]
    }

    /// Gives back all that is kept of the payments, or a part of it.
    ///
    /// - Throws: ``InvoiceError/notFound``, ``InvoiceError/notAllowed(_:_:allowed:)``,
    ///   ``InvoiceError/refundOutOfRange(_:refundable:)``.
    package func refund(
        _ amount: Int64? = nil, because reason: Reason? = nil, at now: Date
    ) throws(InvoiceError) -> [InvoiceEvent] {
        let (id, _) = try require(.refund)
        let amount = amount ?? standing.kept
        guard amount >= 1, amount <= standing.kept else {
            throw .refundOutOfRange(amount, refundable: standing.kept)
        }
        return [.refunded(InvoiceRefunded(invoiceId: id, amount: amount, reason: reason, refundedAt: now))]
    }

    /// Withdraws a draft, or an open invoice of which no payment is kept.
    ///
    /// - Throws: ``InvoiceError/notFound`` and ``InvoiceError/notAllowed(_:_:allowed:)``.
    package func void(because reason: Reason, at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        let (id, _) = try require(.void)
        return [.voided(InvoiceVoided(invoiceId: id, reason: reason, voidedAt: now))]
    }

    private func require(_ action: InvoiceAction) throws(InvoiceError) -> (InvoiceID, InvoiceTerms) {
        guard let created, let terms else { throw .notFound }
        try standing.require(action)
        return (created.invoiceId, terms)
    }
}
