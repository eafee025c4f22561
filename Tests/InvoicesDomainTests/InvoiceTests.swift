import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import InvoicesDomain
import Testing

@Suite struct InvoiceTests {
    let noon = Date(timeIntervalSince1970: 1_795_000_000)
    let id = InvoiceID(UUID())
    let customer = CustomerID(UUID())
    let euro = Currency(code: "EUR")!

    func draft(amount: Int64 = 12_50, reference: String? = "PO-7", dueDate: String? = "2026-12-31") -> NewInvoice {
        NewInvoice(
            id: id, customer: customer, total: Money(minorUnits: amount, currency: euro),
            dueDate: dueDate.flatMap { CalendarDate($0) }, reference: reference.flatMap { Reference($0) })
    }

    var created: InvoiceEvent {
        .created(
            InvoiceCreated(
                invoiceId: id, customerId: customer, amount: 12_50, currency: "EUR",
                dueDate: CalendarDate("2026-12-31"), reference: "PO-7", createdAt: noon))
    }

    var paid: InvoiceEvent { .paid(InvoicePaid(invoiceId: id, amount: 12_50, paidAt: noon)) }

    @Test func `an invoice is made out and open`() {
        let invoice = given(Invoice.self).when { try $0.create(draft(), at: noon) }.then([created])
        #expect(invoice.status == .open)
    }

    @Test(arguments: [Int64.min, -1, 0, Money.largestInvoice + 1, Int64.max])
    func `an amount below one or above the largest is refused`(_ amount: Int64) {
        given(Invoice.self).when { try $0.create(draft(amount: amount), at: noon) }
            .thenThrows(InvoiceError.amountOutOfRange(amount, largest: Money.largestInvoice))
    }

    @Test(arguments: [1, Money.largestInvoice])
    func `the smallest and the largest amount are accepted`(_ amount: Int64) throws {
        #expect(try Invoice().create(draft(amount: amount), at: noon).count == 1)
    }

    @Test func `making the same invoice out again says nothing new`() {
        given(Invoice.self, [created]).when { try $0.create(draft(), at: noon + 60) }.thenNothing()
    }

    @Test func `another invoice under the same id is refused`() {
        given(Invoice.self, [created]).when { try $0.create(draft(amount: 13_00), at: noon) }
            .thenThrows(InvoiceError.alreadyExists)
    }

    @Test func `an open invoice is paid in full`() {
        let invoice = given(Invoice.self, [created]).when { try $0.pay(at: noon) }.then([paid])
        #expect(invoice.status == .paid(at: noon))
    }

    @Test func `an invoice cannot be paid twice`() {
        given(Invoice.self, [created, paid]).when { try $0.pay(at: noon) }.thenThrows(InvoiceError.alreadyPaid)
    }

    @Test func `an invoice that does not exist cannot be paid`() {
        given(Invoice.self).when { try $0.pay(at: noon) }.thenThrows(InvoiceError.notFound)
    }
}
