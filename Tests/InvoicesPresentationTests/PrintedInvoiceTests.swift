import EventSourcing
import FoundationEssentials
import HTTPTypes
import InvoicesApplication
import InvoicesDomain
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

@Suite struct PrintedInvoiceTests {
    private func invoice(
        _ lines: [InvoiceLine] = [], amount: Int64 = 1_234_567, currency: Currency = .euro, reference: String? = nil,
        state: InvoiceState = .open
    ) throws -> InvoiceView {
        let terms = try InvoiceTerms(
            customer: CustomerID(UUID()), contents: lines.isEmpty ? .amount(amount) : .lines(lines), currency: currency,
            dueDate: CalendarDate("2026-12-31"), reference: reference.flatMap(Reference.init))
        let (id, time) = (InvoiceID(UUID()), Date(timeIntervalSince1970: 1_795_000_000))
        let isIssued = state == .open || state == .closed
        var invoice = Invoice()
        invoice.evolve(
            .created(
                InvoiceCreated(invoiceId: id, terms: terms, createdAt: time, issuedIn: isIssued ? .standard : nil)
            ).numbered(42))
        if state == .closed {
            invoice.evolve(.paymentReceived(InvoicePaymentReceived(invoiceId: id, amount: terms.amount, paidAt: time)))
        }
        if state == .void {
            invoice.evolve(.voided(InvoiceVoided(invoiceId: id, reason: Reason("a reason")!, voidedAt: time)))
        }
        return InvoiceView(try #require(invoice.details), revision: Revision(1))
    }

    private func html(_ invoice: InvoiceView) throws -> String {
        try PrintedInvoice().html(invoice, on: try #require(CalendarDate("2026-12-01")))
    }

    @Test(arguments: [
        ("EUR", 1_234_567, "12\u{202F}345.67\u{A0}EUR"), ("JPY", 1_234_567, "1\u{202F}234\u{202F}567\u{A0}JPY"),
        ("KWD", 1_234_567, "1\u{202F}234.567\u{A0}KWD"), ("EUR", 5, "0.05\u{A0}EUR"), ("KWD", 5, "0.005\u{A0}KWD"),
        ("CLF", 1_234_567, "123.4567\u{A0}CLF"),
    ])
    func `amounts have the digits of their currency`(code: String, amount: Int64, text: String) throws {
        let currency = try #require(Currency(code: code))
        #expect(try html(invoice(amount: amount, currency: currency)).contains("<td>\(text)</td>"))
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "\"><img src=x>", "a & b", "<\u{338}script>", "\"\u{301} onload='x'",
        "{{{footer}}}", "</title><b>",
    ])
    func `what people have written has no meaning but its own`(text: String) throws {
        let quantity = try #require(Quantity("1.5"))
        let rate = try #require(TaxRate(basisPoints: 1_905))
        let description = try #require(InvoiceLine.Description(text))
        let line = try #require(
            InvoiceLine(description: description, quantity: quantity, unitPrice: 9_900, taxRate: rate))
        let page = try html(invoice([line], reference: text))
        let plain = try html(invoice([line], reference: "plain"))
        func marks(_ page: String) -> Int { page.unicodeScalars.count { "<>\"'".unicodeScalars.contains($0) } }
        #expect(marks(page) == marks(plain))
        #expect(page.contains(HTML.escaped(description.rawValue)))
        #expect(page.contains("19.05\u{A0}%") && page.contains("<td>1.5</td>"))
    }

    @Test func `tax is told for each rate, with what it is on`() throws {
        let description = try #require(InvoiceLine.Description("Work"))
        let lines = try [("2", 1900), ("1", 700), ("1.5", 1900), ("1", 0)].map { text, basisPoints in
            let quantity = try #require(Quantity(text))
            let rate = try #require(TaxRate(basisPoints: Int64(basisPoints)))
            return try #require(
                InvoiceLine(description: description, quantity: quantity, unitPrice: 100_00, taxRate: rate))
        }
        let page = try html(invoice(lines))
        let rows = [
            ("19", "350.00", "66.50"), ("7", "100.00", "7.00"), ("0", "100.00", "0.00"),
        ].map { "<td>Tax, \($0)\u{A0}% of \($1)</td><td>\($2)\u{A0}EUR</td>" }
        let found = rows.compactMap { page.firstRange(of: $0)?.lowerBound }
        #expect(found.count == 3 && found == found.sorted())
    }

    @Test func `whoever wants neither a page nor JSON is told of both`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.get, path, headers: [.accept: "image/png, application/json;q=0"])
            #expect(answer.status == 406)
            #expect(answer.json["detail"].string?.contains("application/json or text/html") == true)
        }
    }

    @Test func `a browser gets a page, and a program JSON`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
            let page = try await client.send(.get, path, headers: [.accept: accept])
            #expect(page.status == 200)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.headers[.vary]?.hasPrefix("Accept") == true)
            #expect(page.text.hasPrefix("<!doctype html>") && page.text.contains("INV-2026-000001"))
            #expect(!page.text.contains("{{") && !page.text.contains("class=\"note\""))
            for accept in ["*/*", "application/json, text/html", "text/html;q=0.5, */*"] {
                let answer = try await client.send(.get, path, headers: [.accept: accept])
                #expect(answer.headers[.contentType] == "application/json")
                #expect(answer.headers[.vary]?.hasPrefix("Accept") == true)
                #expect(answer.headers[.eTag] != page.headers[.eTag])
            }
            let tag = try #require(page.headers[.eTag])
            let known = try await client.send(.get, path, headers: [.accept: accept, .ifNoneMatch: tag])
            #expect(known.status == 304)
            #expect(known.headers[.vary] == page.headers[.vary])
            #expect(try await client.send(.get, path, headers: [.ifNoneMatch: tag]).status == 200)
        }
    }
}
