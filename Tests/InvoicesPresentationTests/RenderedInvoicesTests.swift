import EventSourcing
import Foundation
import HTTPConventions
import InvoicesApplication
import InvoicesDomain
import Testing

@testable import InvoicesPresentation

@Suite struct RenderedInvoicesTests {
    private let day: CalendarDate

    init() throws { day = try #require(CalendarDate("2026-12-31")) }

    private func view(dueDate: String?) throws -> InvoiceView {
        let ids = try ["0190a1b2-0000-7000-8000-000000000001", "0190a1b2-0000-7000-8000-000000000002"].map {
            try #require(UUID(uuidString: $0))
        }
        let description = try #require(InvoiceLine.Description("Größe \"7\""))
        let (quantity, rate) = (try #require(Quantity("1.5")), try #require(TaxRate(basisPoints: 1_900)))
        let line = InvoiceLine(
            description: description, quantity: quantity, unitPrice: try #require(UnitPrice(minorUnits: 9_900)),
            taxRate: rate)
        let terms = try InvoiceTerms(
            customer: CustomerID(ids[1]), contents: .lines([line]), currency: .euro,
            dueDate: dueDate.flatMap(CalendarDate.init), reference: nil)
        let time = Date(timeIntervalSince1970: 1_795_000_000)
        var invoice = Invoice()
        let created = InvoiceCreated(
            invoiceId: InvoiceID(ids[0]), terms: terms, createdAt: time, issuedIn: .standard)
        invoice.evolve(.created(created).numbered(7))
        invoice.evolve(
            .paymentReceived(
                InvoicePaymentReceived(
                    invoiceId: created.invoiceId, paymentId: PaymentID(ids[1]), amount: 1, method: .cash,
                    paidAt: time)))
        return InvoiceView(try #require(invoice.details), revision: Revision(2))
    }

    @Test func `an invoice is rendered in this order, whatever the order of its document`() throws {
        let json = try RenderedInvoices().json(of: StoredInvoice(view(dueDate: "2026-12-31")), on: day).json
        #expect(
            String(decoding: json, as: UTF8.self) == """
                {"id":"0190a1b2-0000-7000-8000-000000000001","number":"INV-2026-000007",\
                "customerId":"0190a1b2-0000-7000-8000-000000000002","reference":null,"currency":"EUR","state":"open",\
                "paymentStatus":"partially_paid","lines":[{"description":"Größe \\"7\\"","quantity":"1.5",\
                "unitPrice":9900,"taxRate":1900,"netAmount":14850,"taxAmount":2822}],\
                "taxes":[{"taxRate":1900,"netAmount":14850,"taxAmount":2822,"amount":17672}],"netAmount":14850,\
                "taxAmount":2822,"amount":17672,"paidAmount":1,"refundedAmount":0,"dueAmount":17671,\
                "payments":[{"id":"0190a1b2-0000-7000-8000-000000000002","amount":1,"method":"cash","reference":null,\
                "paidAt":"2026-11-18T11:06:40Z","reversedAt":null,"reversalReason":null}],\
                "roundingRule":"line-half-up.v1","dueDate":"2026-12-31","createdAt":"2026-11-18T11:06:40Z",\
                "issuedAt":"2026-11-18T11:06:40Z","issueDate":"2026-11-18","paidAt":null,"voidedAt":null,"voidReason":null,"revision":2,\
                "overdue":false}
                """)
    }

    @Test(arguments: ["2026-12-31", "2027-01-01", nil])
    func `what was rendered before says the same as the invoice, on every day`(_ dueDate: String?) throws {
        let (rendered, view) = (RenderedInvoices(), try view(dueDate: dueDate))
        let stored = try StoredInvoice(view)
        for day in ["2026-12-31", "2027-01-01", "2027-01-02"].compactMap(CalendarDate.init) {
            for _ in 1...2 {
                let kept = try rendered.json(of: stored, on: day)
                let written = JSONWriter.bytes { $0.invoice(view, on: day) }
                #expect(String(decoding: kept.json, as: UTF8.self) == String(decoding: written, as: UTF8.self))
                #expect(kept.tag == EntityTag.Subject.resource(view.revision).tag(of: written))
                #expect(try rendered.json(of: [stored, stored], on: day).map(\.json) == [written, written])
                let object = try #require(try JSONSerialization.jsonObject(with: Data(kept.json)) as? [String: Any])
                #expect(object["overdue"] as? Bool == view.isOverdue(on: day))
            }
        }
    }

    @Test func `another document under the same id and revision is rendered anew`() throws {
        let (rendered, first) = (RenderedInvoices(), try StoredInvoice(view(dueDate: "2026-12-31")))
        let other = try StoredInvoice(view(dueDate: "2027-01-01"))
        #expect(try rendered.json(of: first, on: day).json != rendered.json(of: other, on: day).json)
        #expect(try rendered.json(of: first, on: day).json == RenderedInvoices().json(of: first, on: day).json)
        #expect(try rendered.json(of: first, on: day).tag != rendered.json(of: other, on: day).tag)
    }

    @Test func `the same document at another revision is rendered anew`() throws {
        let (rendered, view) = (RenderedInvoices(), try view(dueDate: nil))
        let later = InvoiceView(view.details, revision: Revision(3))
        for _ in 1...2 {
            for view in [view, later] {
                let kept = try rendered.json(of: try StoredInvoice(view), on: day)
                let json = String(decoding: kept.json, as: UTF8.self)
                #expect(json.hasSuffix("\"revision\":\(view.revision),\"overdue\":false}"))
                #expect(kept.tag.hasPrefix("\"\(view.revision)-"))
            }
        }
    }

    @Test func `no more is held than fits`() throws {
        let (rendered, stored) = (RenderedInvoices(bytes: 0), try StoredInvoice(view(dueDate: nil)))
        let (first, second) = (try rendered.json(of: stored, on: day), try rendered.json(of: stored, on: day))
        #expect(first !== second)
        #expect(first.json == second.json)
    }
}
