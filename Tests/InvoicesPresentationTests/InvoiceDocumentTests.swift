import EventSourcing
import Foundation
import InvoicesApplication
import InvoicesDomain
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

@Suite struct InvoiceDocumentTests {
    private func view(dueDate: String?) throws -> InvoiceView {
        let ids = try ["0190a1b2-0000-7000-8000-000000000001", "0190a1b2-0000-7000-8000-000000000002"].map {
            try #require(UUID(uuidString: $0))
        }
        let description = try #require(InvoiceLine.Description("Größe \"7\""))
        let (quantity, rate) = (try #require(Quantity("1.5")), try #require(TaxRate(basisPoints: 1_900)))
        let line = try #require(
            InvoiceLine(description: description, quantity: quantity, unitPrice: 9_900, taxRate: rate))
        let terms = try InvoiceTerms(
            customer: CustomerID(ids[1]), contents: .lines([line]), currency: .euro,
            dueDate: dueDate.flatMap(CalendarDate.init), reference: nil)
        let time = Date(timeIntervalSince1970: 1_795_000_000)
        return InvoiceView(
            id: InvoiceID(ids[0]), number: InvoiceNumber(series: .standard, year: 2026, number: 7), terms: terms,
            standing: InvoiceStanding(state: .open, total: terms.amount, paid: 1), createdAt: time,
            issuedAt: time + 0.25, revision: Revision(2))
    }

    /// Documents of version 1 are kept in databases, and taken for this.
    @Test func `a document of version 1 has this form; another form is to have another version`() throws {
        let document = InvoiceDocument(try view(dueDate: "2026-12-31"), in: .json)
        #expect(InvoiceDocumentForm.json.version == 1)
        #expect(
            document.text == """
                {"id":"0190a1b2-0000-7000-8000-000000000001","number":"INV-2026-000007",\
                "customerId":"0190a1b2-0000-7000-8000-000000000002","reference":null,"currency":"EUR","state":"open",\
                "paymentStatus":"partially_paid","lines":[{"description":"Größe \\"7\\"","quantity":"1.5",\
                "unitPrice":9900,"taxRate":1900,"netAmount":14850,"taxAmount":2822}],"netAmount":14850,\
                "taxAmount":2822,"amount":17672,"paidAmount":1,"refundedAmount":0,"dueAmount":17671,\
                "roundingRule":"line-half-up.v1","dueDate":"2026-12-31","createdAt":"2026-11-18T11:06:40Z",\
                "issuedAt":"2026-11-18T11:06:40.250Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":2}
                """)
    }

    @Test(arguments: ["2026-12-31", "2027-01-01", nil])
    func `a document says the same as the invoice that it is of, on every day`(_ dueDate: String?) throws {
        let view = try view(dueDate: dueDate)
        let document = InvoiceDocument(view, in: .json)
        for day in ["2026-12-31", "2027-01-01", "2027-01-02"].compactMap(CalendarDate.init) {
            let (kept, written) = (
                JSONWriter.bytes { $0.invoice(document, on: day) }, JSONWriter.bytes { $0.invoice(view, on: day) }
            )
            #expect(String(decoding: kept, as: UTF8.self) == String(decoding: written, as: UTF8.self))
            let object = try #require(try JSONSerialization.jsonObject(with: Data(kept)) as? [String: Any])
            #expect(object["overdue"] as? Bool == view.isOverdue(on: day))
        }
    }
}
