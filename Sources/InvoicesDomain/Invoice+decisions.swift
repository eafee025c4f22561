package import FoundationEssentials

extension Invoice {
    /// Makes out an invoice: as a draft, or issued at once. Saying again what was said says nothing new.
    ///
    /// - Parameter calendar: which day it is, and with it the latest day of issue and the one that is not stated.
    /// - Throws: ``InvoiceError/alreadyExists``, ``InvoiceError/issueDateOutOfRange(_:allowed:)``, and what
    ///   ``InvoiceTerms`` refuses.
    package func create(
        _ new: NewInvoice, at now: Date, in calendar: BusinessCalendar = .utc
    ) throws(InvoiceError) -> [InvoiceEvent] {
        let terms = try InvoiceTerms(
            customer: new.customer, contents: new.contents, currency: new.currency, dueDate: new.dueDate,
            reference: new.reference, roundedBy: new.roundingRule)
        if let details {
            guard details.wasCreated(with: terms), details.isIssued(as: new) else { throw .alreadyExists }
            return []
        }
        let issueDate = try IssueDates(today: calendar.day(at: now)).resolve(new.issueDate)
        return [
            .created(
                InvoiceCreated(
                    invoiceId: new.id, terms: terms, createdAt: now, issuedIn: new.series, on: issueDate))
        ]
    }

    /// Changes a draft. A change to what is there already says nothing new.
    ///
    /// - Throws: ``InvoiceError/notFound``, ``InvoiceError/notAllowed(_:_:allowed:)``, and what ``InvoiceTerms`` refuses.
    package func revise(_ revision: InvoiceRevision, at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        let invoice = try require(.revise)
        let revised = try invoice.terms.revised(by: revision)
        guard revised != invoice.terms else { return [] }
        return [.revised(InvoiceRevised(invoiceId: invoice.id, terms: revised, revisedAt: now))]
    }

    /// Makes a draft an invoice that is to be paid, with the next number of its series and of the year of its issue date.
    ///
    /// - Parameters:
    ///   - issueDate: the day that the invoice is to bear; nil for today.
    ///   - calendar: which day it is.
    /// - Throws: ``InvoiceError/notFound``, ``InvoiceError/notAllowed(_:_:allowed:)``, and
    ///   ``InvoiceError/issueDateOutOfRange(_:allowed:)``.
    package func issue(
        at now: Date, series: InvoiceSeries = .standard, on issueDate: CalendarDate? = nil,
        in calendar: BusinessCalendar = .utc
    ) throws(InvoiceError) -> [InvoiceEvent] {
        let invoice = try require(.issue)
        let issueDate = try IssueDates(today: calendar.day(at: now)).resolve(issueDate)
        return [.issued(InvoiceIssued(invoiceId: invoice.id, series: series, issuedAt: now, on: issueDate))]
    }

    /// Takes a payment of what is due, or of a part of it. The last one closes the invoice. A payment that the invoice
    /// has already changes nothing, also when it was reversed since.
    ///
    /// A payment may be older than the invoice, as a deposit is, but not older than 1970.
    ///
    /// - Throws: ``InvoiceError/notFound``, ``InvoiceError/paymentAlreadyExists(_:)``,
    ///   ``InvoiceError/notAllowed(_:_:allowed:)``, ``InvoiceError/paymentOutOfRange(_:due:)``,
    ///   ``InvoiceError/paymentTimeOutOfRange(_:latest:)``.
    package func pay(_ payment: Payment, at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        if let known = details?.payment(payment.id) {
            guard known.isStated(by: payment) else { throw .paymentAlreadyExists(payment.id) }
            return []
        }
        let invoice = try require(.pay)
        let amount = payment.amount ?? invoice.standing.due
        guard amount >= 1, amount <= invoice.standing.due else {
            throw .paymentOutOfRange(amount, due: invoice.standing.due)
        }
        let (paidAt, latest) = (payment.paidAt ?? now, now + Payment.tolerance)
        guard paidAt.timeIntervalSince1970 >= 0, paidAt <= latest else {
            throw .paymentTimeOutOfRange(paidAt, latest: latest)
        }
        return [
            .paymentReceived(
                InvoicePaymentReceived(
                    invoiceId: invoice.id, paymentId: payment.id, amount: amount, method: payment.method,
                    reference: payment.reference, paidAt: paidAt))
        ]
    }

    /// Reverses a payment, such as a direct debit that bounced: its amount is due again, and a closed invoice opens.
    ///
    /// - Throws: ``InvoiceError/notFound``, ``InvoiceError/paymentNotFound(_:)``,
    ///   ``InvoiceError/paymentAlreadyReversed(_:)``, ``InvoiceError/notAllowed(_:_:allowed:)``.
    package func reverse(
        _ payment: PaymentID, because reason: Reason, at now: Date
    ) throws(InvoiceError) -> [InvoiceEvent] {
        guard let details else { throw .notFound }
        guard let received = details.payment(payment) else { throw .paymentNotFound(payment) }
        guard !received.isReversed else { throw .paymentAlreadyReversed(payment) }
        let invoice = try require(.reverse)
        return [
            .paymentReversed(
                InvoicePaymentReversed(
                    invoiceId: invoice.id, paymentId: payment, amount: received.amount, reason: reason,
                    reversedAt: now))
        ]
    }

    /// Gives back all that is kept of the payments, or a part of it.
    ///
    /// - Throws: ``InvoiceError/notFound``, ``InvoiceError/notAllowed(_:_:allowed:)``,
    ///   ``InvoiceError/refundOutOfRange(_:refundable:)``.
    package func refund(
        _ amount: Int64? = nil, because reason: Reason? = nil, at now: Date
    ) throws(InvoiceError) -> [InvoiceEvent] {
        let invoice = try require(.refund)
        let amount = amount ?? invoice.standing.kept
        guard amount >= 1, amount <= invoice.standing.kept else {
            throw .refundOutOfRange(amount, refundable: invoice.standing.kept)
        }
        return [.refunded(InvoiceRefunded(invoiceId: invoice.id, amount: amount, reason: reason, refundedAt: now))]
    }

    /// Withdraws a draft, or an open invoice of which no payment is kept.
    ///
    /// - Throws: ``InvoiceError/notFound`` and ``InvoiceError/notAllowed(_:_:allowed:)``.
    package func void(because reason: Reason, at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        let invoice = try require(.void)
        return [.voided(InvoiceVoided(invoiceId: invoice.id, reason: reason, voidedAt: now))]
    }

    private func require(_ action: InvoiceAction) throws(InvoiceError) -> InvoiceDetails {
        guard let details else { throw .notFound }
        try details.standing.require(action)
        return details
    }
}

extension InvoiceDetails {
    fileprivate func payment(_ id: PaymentID) -> ReceivedPayment? { payments?.first { $0.id == id } }

    /// Whether it is what was asked for: a draft, also one that was issued since; or issued in the series. Invoices of the
    /// first version were issued in no series, which is any.
    fileprivate func isIssued(as new: NewInvoice) -> Bool {
        guard let wanted = new.series?.rawValue else { return issuedAt != createdAt }
        return issuedAt != nil && (series ?? wanted) == wanted && (new.issueDate ?? issueDate) == issueDate
    }
}
