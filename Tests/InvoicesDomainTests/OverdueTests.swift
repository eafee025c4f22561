import EventSourcingTesting
import FoundationEssentials
import InvoicesDomain
import Testing

@Suite struct OverdueTests {
    private let id = InvoiceID(UUID())
    private let payment = PaymentID(UUID())
    private let dueDate = CalendarDate("2026-11-30")!
    private let berlin = BusinessCalendar(zone: "Europe/Berlin")!

    private let day = Date(timeIntervalSince1970: 1_795_000_000)
    /// The last second of the due date in Berlin.
    private let before = Date(timeIntervalSince1970: 1_796_079_599)
    /// The second after it: 23:00:00 UTC.
    private let after = Date(timeIntervalSince1970: 1_796_079_600)

    private func created(isDraft: Bool = false, dueDate: CalendarDate? = CalendarDate("2026-11-30")) -> InvoiceEvent {
        .created(
            InvoiceCreated(
                invoiceId: id,
                terms: InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: 12_50, dueDate: dueDate),
                createdAt: day, issuedIn: isDraft ? nil : .standard))
    }

    private func paid(_ amount: Int64) -> InvoiceEvent {
        .paymentReceived(InvoicePaymentReceived(invoiceId: id, paymentId: payment, amount: amount, paidAt: before))
    }

    private var reversed: InvoiceEvent {
        .paymentReversed(
            InvoicePaymentReversed(
                invoiceId: id, paymentId: payment, amount: 12_50, reason: Reason("bounced")!, reversedAt: after))
    }

    private func overdue(_ amount: Int64 = 12_50) -> InvoiceEvent {
        .becameOverdue(
            InvoiceBecameOverdue(invoiceId: id, dueDate: dueDate, dueAmount: amount, overdueAt: after))
    }

    private func reminded(afterDays days: Int) -> InvoiceEvent {
        .reminderRequested(
            InvoiceReminderRequested(
                invoiceId: id, dueDate: dueDate, dueAmount: 12_50, daysOverdue: days, requestedAt: after))
    }

    @Test func `an invoice becomes overdue when its due date is over for the business, once`() {
        given(Invoice.self, [created()]).when { $0.becomeOverdue(at: before, in: berlin) }.then([])
        given(Invoice.self, [created()]).when { $0.becomeOverdue(at: after) }.then([])
        given(Invoice.self, [created(), paid(2_50)]).when { $0.becomeOverdue(at: after, in: berlin) }
            .then([overdue(10_00)])
        given(Invoice.self, [created(), overdue()]).when { $0.becomeOverdue(at: after, in: berlin) }.then([])
    }

    @Test func `what is not due does not become overdue`() {
        for events in [
            [], [created(isDraft: true)], [created(dueDate: nil)], [created(), paid(12_50)],
            [created(), .voided(InvoiceVoided(invoiceId: id, reason: Reason("wrong")!, voidedAt: before))],
        ] as [[InvoiceEvent]] {
            given(Invoice.self, events).when { $0.becomeOverdue(at: after, in: berlin) }.then([])
        }
    }

    @Test func `an invoice whose payment was reversed becomes overdue again`() {
        let paidLate = [created(), overdue(), paid(12_50)]
        given(Invoice.self, paidLate).when { $0.becomeOverdue(at: after, in: berlin) }.then([])
        given(Invoice.self, paidLate + [reversed]).when { $0.becomeOverdue(at: after, in: berlin) }.then([overdue()])
    }

    @Test func `a reminder is requested once for each day of the schedule, of an overdue invoice only`() {
        func remind(_ events: [InvoiceEvent], _ days: Int, _ expected: [InvoiceEvent]) {
            given(Invoice.self, events).when { $0.remind(afterDays: days, at: after, in: berlin) }.then(expected)
        }
        remind([created()], 7, [])
        remind([created(), overdue()], 7, [reminded(afterDays: 7)])
        remind([created(), overdue(), reminded(afterDays: 7)], 7, [])
        remind([created(), overdue(), reminded(afterDays: 7)], 14, [reminded(afterDays: 14)])
        remind([created(), overdue(), reminded(afterDays: 14)], 7, [])
        remind([created(), overdue(), paid(12_50)], 7, [])
        given(Invoice.self, [created(), overdue()]).when { $0.remind(afterDays: 7, at: before, in: berlin) }.then([])
    }

    @Test func `days are counted over months and years, to the last one there is`() {
        #expect(CalendarDate("2026-12-31")!.advanced(by: 60).description == "2027-03-01")
        #expect(CalendarDate("2028-02-28")!.advanced(by: 1).description == "2028-02-29")
        #expect(CalendarDate("2026-03-01")!.advanced(by: -1).description == "2026-02-28")
        #expect(CalendarDate("9999-12-30")!.advanced(by: 9).description == "9999-12-31")
    }
}
