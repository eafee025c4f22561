import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import InvoicesDomain
import Testing

@Suite struct InvoiceTests {
    let noon = Date(timeIntervalSince1970: 1_795_000_000)
    let id = InvoiceID(UUID())
    let customer = CustomerID(UUID())
    let reason = Reason("sent to the wrong customer")!

    func new(amount: Int64 = 12_50, issuedIn series: InvoiceSeries? = .standard) -> NewInvoice {
        NewInvoice(
            id: id, customer: customer, contents: .amount(amount), currency: .euro,
            dueDate: CalendarDate("2026-12-31"), reference: Reference("PO-7"), issuedIn: series)
    }

    func terms(amount: Int64 = 12_50, reference: String? = "PO-7") -> InvoiceTerms {
        InvoiceTerms(
            customerId: customer, currency: "EUR", amount: amount, dueDate: CalendarDate("2026-12-31"),
            reference: reference)
    }

    var created: InvoiceEvent { .created(InvoiceCreated(invoiceId: id, terms: terms(), createdAt: noon)) }
    var issuedAtOnce: InvoiceEvent {
        .created(InvoiceCreated(invoiceId: id, terms: terms(), createdAt: noon, issuedIn: .standard))
    }
    var issued: InvoiceEvent { .issued(InvoiceIssued(invoiceId: id, series: .standard, issuedAt: noon)) }

    let payment = PaymentID(UUID())

    func paid(_ amount: Int64, as payment: PaymentID? = nil) -> InvoiceEvent {
        .paymentReceived(
            InvoicePaymentReceived(invoiceId: id, paymentId: payment ?? self.payment, amount: amount, paidAt: noon))
    }

    func reversed(_ amount: Int64, _ payment: PaymentID? = nil) -> InvoiceEvent {
        .paymentReversed(
            InvoicePaymentReversed(
                invoiceId: id, paymentId: payment ?? self.payment, amount: amount, reason: reason, reversedAt: noon))
    }

    func refunded(_ amount: Int64) -> InvoiceEvent {
        .refunded(InvoiceRefunded(invoiceId: id, amount: amount, refundedAt: noon))
    }

    // MARK: Making out

    @Test func `an invoice that is issued at once is one event, and open`() {
        let invoice = given(Invoice.self).when { try $0.create(new(), at: noon) }.then([issuedAtOnce])
        #expect(invoice.standing == InvoiceStanding(state: .open, total: 12_50))
        #expect(invoice.details?.issuedAt == noon)
        #expect(invoice.details?.series == "INV")
    }

    @Test func `an invoice knows its number once its events are recorded, and what happens later leaves it`() {
        let number = InvoiceNumber(series: .standard, year: 2026, number: 17)
        for events in [[issuedAtOnce.numbered(17)], [created, issued.numbered(17)]] {
            #expect(Invoice(folding: events).details?.number == number)
            #expect(Invoice(folding: events + [paid(12_50)]).details?.number == number)
        }
        #expect(Invoice(folding: [created]).details?.number == nil)
    }

    @Test func `a draft is made out and not issued`() {
        let invoice = given(Invoice.self).when { try $0.create(new(issuedIn: nil), at: noon) }.then([created])
        #expect(invoice.standing.state == .draft)
    }

    @Test(arguments: [Int64.min, -1, 0, Money.largestInvoice + 1, Int64.max])
    func `an amount below one or above the largest is refused`(_ amount: Int64) {
        given(Invoice.self).when { try $0.create(new(amount: amount), at: noon) }
            .thenThrows(InvoiceError.amountOutOfRange(amount, largest: Money.largestInvoice))
    }

    @Test(arguments: [1, Money.largestInvoice])
    func `the smallest and the largest amount are accepted`(_ amount: Int64) throws {
        #expect(try Invoice().create(new(amount: amount), at: noon).count == 1)
    }

    @Test func `making the same invoice out again says nothing new, whatever has happened to it since`() {
        for events in [[issuedAtOnce], [created, issued], [issuedAtOnce, paid(12_50)]] {
            given(Invoice.self, events).when { try $0.create(new(), at: noon + 60) }.thenNothing()
        }
        let later = InvoiceEvent.issued(InvoiceIssued(invoiceId: id, series: .standard, issuedAt: noon + 30))
        let revised = InvoiceEvent.revised(
            InvoiceRevised(invoiceId: id, terms: terms(amount: 20_00), revisedAt: noon + 10))
        for events in [[created], [created, later], [created, revised, later]] {
            given(Invoice.self, events).when { try $0.create(new(issuedIn: nil), at: noon + 60) }.thenNothing()
        }
    }

    @Test func `another invoice under the same id is refused, and so is one that was issued elsewhere or not at all`() {
        given(Invoice.self, [created, issued]).when { try $0.create(new(amount: 13_00), at: noon) }
            .thenThrows(InvoiceError.alreadyExists)
        given(Invoice.self, [created, issued]).when { try $0.create(new(issuedIn: InvoiceSeries("B")), at: noon) }
            .thenThrows(InvoiceError.alreadyExists)
        given(Invoice.self, [created]).when { try $0.create(new(), at: noon) }.thenThrows(InvoiceError.alreadyExists)
        given(Invoice.self, [issuedAtOnce]).when { try $0.create(new(issuedIn: nil), at: noon) }
            .thenThrows(InvoiceError.alreadyExists)
    }

    // MARK: Drafts

    @Test func `a draft takes on what a revision sets, and keeps the rest`() {
        let revision = InvoiceRevision(contents: .set(.amount(20_00)), reference: .set(nil))
        let revised = InvoiceEvent.revised(
            InvoiceRevised(invoiceId: id, terms: terms(amount: 20_00, reference: nil), revisedAt: noon))
        let invoice = given(Invoice.self, [created]).when { try $0.revise(revision, at: noon) }.then([revised])
        #expect(invoice.standing.due == 20_00)
    }

    @Test func `a revision that changes nothing says nothing new`() {
        let revision = InvoiceRevision(contents: .set(.amount(12_50)), currency: .set(.euro))
        given(Invoice.self, [created]).when { try $0.revise(revision, at: noon) }.thenNothing()
    }

    /// Older events have text in any form: they are read as they are, and the next change normalises it to NFC.
    @Test func `a revision to another form of a stored text is a change`() {
        let stored = InvoiceEvent.created(
            InvoiceCreated(invoiceId: id, terms: terms(reference: "Cafe\u{301}"), createdAt: noon))
        let revision = InvoiceRevision(reference: .set(Reference("Cafe\u{301}")))
        let invoice = given(Invoice.self, [stored]).when { try $0.revise(revision, at: noon) }.then([
            .revised(
                InvoiceRevised(invoiceId: id, terms: terms(reference: "Caf\u{E9}"), revisedAt: noon))
        ])
        #expect(invoice.details?.terms.reference == "Caf\u{E9}")
    }

    @Test func `a draft is issued in a series of the year that it is in UTC`() throws {
        let newYear = Date(timeIntervalSince1970: 1_798_761_600)
        let series = try #require(InvoiceSeries("SHOP1"))
        let issued = InvoiceIssued(invoiceId: id, series: series, issuedAt: newYear)
        given(Invoice.self, [created]).when { try $0.issue(at: newYear, series: series) }.then([.issued(issued)])
        #expect(InvoiceEvent.issued(issued).sequence == (try SequenceName("invoices.SHOP1-2027")))
        #expect(InvoiceEvent.issued(issued).numbered(17).invoiceNumber?.description == "SHOP1-2027-000017")
        let before = InvoiceIssued(invoiceId: id, series: series, issuedAt: newYear - 0.001)
        #expect(before.year == 2026)
    }

    @Test func `only issuing takes a number`() {
        #expect([created, paid(1), refunded(1)].allSatisfy { $0.sequence == nil })
        #expect(issued.sequence != nil)
        #expect(issuedAtOnce.sequence == issued.sequence)
    }

    // MARK: Payments

    @Test func `an open invoice is paid in full, and closed`() {
        let invoice = given(Invoice.self, [created, issued]).when { try $0.pay(Payment(id: payment), at: noon) }.then([
            paid(12_50)
        ])
        #expect(invoice.standing == InvoiceStanding(state: .closed, total: 12_50, paid: 12_50))
        #expect(invoice.standing.paymentStatus == .paid)
    }

    @Test func `an invoice is paid in parts, with what is known of each`() throws {
        let part = Payment(
            id: payment, amount: 2_50, method: .bankTransfer, reference: Reference("E2E-1"), paidAt: noon - 3_600)
        let first = InvoiceEvent.paymentReceived(
            InvoicePaymentReceived(
                invoiceId: id, paymentId: payment, amount: 2_50, method: .bankTransfer, reference: Reference("E2E-1"),
                paidAt: noon - 3_600))
        let invoice = given(Invoice.self, [created, issued]).when { try $0.pay(part, at: noon) }.then([first])
        #expect(invoice.standing.paymentStatus == .partiallyPaid)
        #expect(invoice.standing.due == 10_00)
        let second = PaymentID(UUID())
        let rest = Payment(id: second)
        let closed = given(Invoice.self, [created, issued, first]).when { try $0.pay(rest, at: noon) }
            .then([paid(10_00, as: second)])
        #expect(closed.details?.payments?.map(\.id) == [payment, second])
        #expect(closed.details?.payments?.map(\.method) == ["bank_transfer", nil])
    }

    @Test(arguments: [Int64.min, -1, 0, 12_51, Int64.max])
    func `a payment of nothing or of more than is due is refused with what is due`(_ amount: Int64) {
        given(Invoice.self, [created, issued]).when { try $0.pay(Payment(id: payment, amount: amount), at: noon) }
            .thenThrows(InvoiceError.paymentOutOfRange(amount, due: 12_50))
    }

    @Test func `a payment may be old, or of a clock that is a day ahead, and no more`() {
        let day: TimeInterval = 86_400
        for time in [Date(timeIntervalSince1970: 0), noon + day] {
            let received = InvoicePaymentReceived(invoiceId: id, paymentId: payment, amount: 12_50, paidAt: time)
            given(Invoice.self, [created, issued]).when { try $0.pay(Payment(id: payment, paidAt: time), at: noon) }
                .then([.paymentReceived(received)])
        }
        for time in [Date(timeIntervalSince1970: -1), noon + day + 1] {
            given(Invoice.self, [created, issued]).when { try $0.pay(Payment(id: payment, paidAt: time), at: noon) }
                .thenThrows(InvoiceError.paymentTimeOutOfRange(time, latest: noon + day))
        }
    }

    @Test func `a payment that is stated again says nothing new, whatever has become of it since`() {
        let part = Payment(id: payment, amount: 2_50, method: .cash, reference: Reference("R"), paidAt: noon)
        let first = InvoiceEvent.paymentReceived(
            InvoicePaymentReceived(
                invoiceId: id, paymentId: payment, amount: 2_50, method: .cash, reference: Reference("R"),
                paidAt: noon))
        let others: [[InvoiceEvent]] = [[], [paid(10_00, as: PaymentID(UUID()))], [reversed(2_50)]]
        for since in others {
            let events = [created, issued, first] + since
            given(Invoice.self, events).when { try $0.pay(part, at: noon + 60) }.thenNothing()
            let withoutDefaults = Payment(id: payment, method: .cash, reference: Reference("R"))
            given(Invoice.self, events).when { try $0.pay(withoutDefaults, at: noon + 60) }.thenNothing()
        }
        let different = [
            Payment(id: payment, amount: 2_51, method: .cash, reference: Reference("R")),
            Payment(id: payment, amount: 2_50, method: .card, reference: Reference("R")),
            Payment(id: payment, amount: 2_50, reference: Reference("R")),
            Payment(id: payment, amount: 2_50, method: .cash, reference: Reference("S")),
            Payment(id: payment, amount: 2_50, method: .cash),
            Payment(id: payment, amount: 2_50, method: .cash, reference: Reference("R"), paidAt: noon + 1),
        ]
        for other in different {
            given(Invoice.self, [created, issued, first]).when { try $0.pay(other, at: noon) }
                .thenThrows(InvoiceError.paymentAlreadyExists(payment))
        }
    }

    // MARK: Payments that are reversed

    @Test func `a payment that is reversed is due again, and the invoice that it closed is open`() throws {
        let next = try #require(CalendarDate("2027-01-01"))
        let events = [created, issued, paid(4_00, as: PaymentID(UUID())), paid(8_50)]
        let invoice = given(Invoice.self, events).when { try $0.reverse(payment, because: reason, at: noon) }
            .then([reversed(8_50)])
        #expect(invoice.standing == InvoiceStanding(state: .open, total: 12_50, paid: 4_00))
        #expect(invoice.standing.paymentStatus == .partiallyPaid)
        #expect(invoice.details?.paidAt == nil)
        #expect(invoice.isOverdue(on: next))
        let other = PaymentID(UUID())
        let closed = given(Invoice.self, events + [reversed(8_50)]).when {
            try $0.pay(Payment(id: other), at: noon)
        }.then([paid(8_50, as: other)])
        #expect(closed.standing.state == .closed)
        #expect(closed.details?.payments?.map(\.isReversed) == [false, true, false])
    }

    @Test func `an invoice whose only payment is reversed is unpaid, and can be voided`() {
        let events = [created, issued, paid(12_50), reversed(12_50)]
        #expect(Invoice(folding: events).standing == InvoiceStanding(state: .open, total: 12_50))
        #expect(Invoice(folding: events).standing.paymentStatus == .unpaid)
        let voided = InvoiceEvent.voided(InvoiceVoided(invoiceId: id, reason: reason, voidedAt: noon))
        given(Invoice.self, events).when { try $0.void(because: reason, at: noon) }.then([voided])
    }

    @Test func `a payment is reversed after it was given back, and a refund stays what it is`() {
        for refund in [2_50, 12_50] as [Int64] {
            let events = [created, issued, paid(12_50), refunded(refund)]
            let invoice = given(Invoice.self, events).when { try $0.reverse(payment, because: reason, at: noon) }
                .then([reversed(12_50)])
            #expect(invoice.standing == InvoiceStanding(state: .open, total: 12_50, paid: 0, refunded: refund))
            #expect(invoice.standing.due == 12_50)
            #expect(invoice.standing.paymentStatus == .unpaid)
            let other = PaymentID(UUID())
            let again = given(Invoice.self, events + [reversed(12_50)]).when {
                try $0.pay(Payment(id: other), at: noon)
            }.then([paid(12_50, as: other)])
            #expect(again.standing.paymentStatus == (refund == 12_50 ? .refunded : .partiallyRefunded))
        }
    }

    @Test func `a payment is reversed once, and one that there is not is not found`() {
        let unknown = PaymentID(UUID())
        for events in [[created], [created, issued], [created, issued, paid(12_50)]] {
            given(Invoice.self, events).when { try $0.reverse(unknown, because: reason, at: noon) }
                .thenThrows(InvoiceError.paymentNotFound(unknown))
        }
        given(Invoice.self, [created, issued, paid(12_50), reversed(12_50)])
            .when { try $0.reverse(payment, because: reason, at: noon) }
            .thenThrows(InvoiceError.paymentAlreadyReversed(payment))
    }

    @Test func `all that is left of the payments is given back, and the invoice stays closed`() {
        let events = [created, issued, paid(12_50), refunded(2_50)]
        let invoice = given(Invoice.self, events).when { try $0.refund(at: noon) }.then([refunded(10_00)])
        #expect(invoice.standing == InvoiceStanding(state: .closed, total: 12_50, paid: 12_50, refunded: 12_50))
        #expect(invoice.standing.paymentStatus == .refunded)
        #expect(invoice.standing.due == 0)
    }

    @Test(arguments: [Int64.min, 0, 3_01, Int64.max])
    func `a refund of nothing or of more than is left is refused with what is left`(_ amount: Int64) {
        given(Invoice.self, [created, issued, paid(5_00), refunded(2_00)])
            .when { try $0.refund(amount, because: reason, at: noon) }
            .thenThrows(InvoiceError.refundOutOfRange(amount, refundable: 3_00))
    }

    @Test func `an invoice is voided with a reason, once all that was paid is given back`() {
        let voided = InvoiceEvent.voided(InvoiceVoided(invoiceId: id, reason: reason, voidedAt: noon))
        for events in [[created], [created, issued], [created, issued, paid(5_00), refunded(5_00)]] {
            let invoice = given(Invoice.self, events).when { try $0.void(because: reason, at: noon) }.then([voided])
            #expect(invoice.standing.state == .void)
        }
        let kept = InvoiceStanding(state: .open, total: 12_50, paid: 5_00, refunded: 1_00)
        given(Invoice.self, [created, issued, paid(5_00), refunded(1_00)])
            .when { try $0.void(because: reason, at: noon) }
            .thenThrows(InvoiceError.notAllowed(.void, kept, allowed: [.pay, .reverse, .refund]))
    }

    @Test func `an open invoice is overdue after its due date, while something is due`() throws {
        let (last, next) = (try #require(CalendarDate("2026-12-31")), try #require(CalendarDate("2027-01-01")))
        let open = Invoice(folding: [created, issued, paid(1)])
        #expect(!open.isOverdue(on: last))
        #expect(open.isOverdue(on: next))
        #expect(!Invoice(folding: [created]).isOverdue(on: next))
        #expect(!Invoice(folding: [created, issued, paid(12_50), refunded(12_50)]).isOverdue(on: next))
    }
}

extension Invoice {
    /// As it is once it exists.
    var standing: InvoiceStanding { details?.standing ?? InvoiceStanding(state: .draft, total: 0) }

    func isOverdue(on day: CalendarDate) -> Bool { details?.isOverdue(on: day) ?? false }
}
