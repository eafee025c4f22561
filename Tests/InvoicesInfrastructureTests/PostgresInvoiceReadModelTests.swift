import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresInvoiceReadModelTests {
    let tenant: TenantID
    let other: TenantID

    init() throws {
        tenant = try TenantID("acme")
        other = try TenantID("other")
    }

    private func view(_ number: Int, createdAt seconds: Double? = nil) -> InvoiceView {
        InvoiceView(
            id: InvoiceID(UUID()),
            terms: InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: Int64(number)),
            standing: InvoiceStanding(state: .draft, total: Int64(number)),
            createdAt: Date(timeIntervalSince1970: seconds ?? Double(number)), revision: .first)
    }

    /// An invoice of which nothing is missing.
    private func fullView() throws -> InvoiceView {
        let quantity = try #require(Quantity("1.5"))
        let rate = try #require(TaxRate(basisPoints: 1_900))
        let lines = try ["Größe \"XL\" – 7", "日本"].map { text in
            let description = try #require(InvoiceLine.Description(text))
            return try #require(
                InvoiceLine(description: description, quantity: quantity, unitPrice: 9_900, taxRate: rate))
        }
        let terms = try InvoiceTerms(
            customer: CustomerID(UUID()), contents: .lines(lines), currency: .euro, dueDate: CalendarDate("2028-02-29"),
            reference: Reference("Größe – 7"))
        let time = Date(timeIntervalSince1970: 1_795_086_400.000001)
        return InvoiceView(
            id: InvoiceID(UUID()), number: InvoiceNumber(series: .standard, year: 2026, number: 1_000_000),
            terms: terms,
            standing: InvoiceStanding(state: .closed, total: terms.amount, paid: terms.amount, refunded: 7),
            createdAt: Date(timeIntervalSince1970: 1_795_000_000.123456), issuedAt: time, paidAt: time + 1,
            voidedAt: time + 2, voidReason: "a reason", revision: Revision(4))
    }

    private func withReadModel(
        holding views: [InvoiceView], _ body: (PostgresInvoiceReadModel, PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { client in
            let rows = views.map { (key: InvoiceKey(tenant: tenant, invoice: $0.id), row: $0) }
            try await client.execute(InvoiceTable.rows(documents: .plain).save(rows))
            try await body(PostgresInvoiceReadModel(client, documents: .plain), client)
        }
    }

    @Test func `an invoice comes back as it was written, with and without its optional parts`() async throws {
        let full = try fullView()
        let plain = view(1)
        try await withReadModel(holding: [full, plain]) { readModel, _ async throws in
            #expect(try await readModel.invoice(full.id, of: tenant) == full)
            #expect(try await readModel.invoice(plain.id, of: tenant) == plain)
            #expect(try await readModel.invoice(InvoiceID(UUID()), of: tenant) == nil)
            #expect(try await readModel.document(of: InvoiceID(UUID()), of: tenant, atLeast: nil) == nil)
        }
    }

    @Test func `a document is kept of what the row says, and says from when on it is overdue`() async throws {
        let (day, next) = (try #require(CalendarDate("2026-12-31")), try #require(CalendarDate("2027-01-01")))
        let standings = [
            InvoiceStanding(state: .open, total: 2, paid: 1), InvoiceStanding(state: .draft, total: 2),
            InvoiceStanding(state: .closed, total: 2, paid: 2), InvoiceStanding(state: .void, total: 2),
        ]
        let views = standings.map { standing in
            InvoiceView(
                id: InvoiceID(UUID()),
                terms: InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: 2, dueDate: day),
                standing: standing, createdAt: Date(timeIntervalSince1970: 0), revision: .first)
        }
        try await withReadModel(holding: views) { readModel, _ async throws in
            for view in views {
                let document = try await readModel.document(of: view.id, of: tenant, atLeast: nil)
                #expect(document == InvoiceDocument(view, in: .plain))
                #expect(document?.dueDay == (view.standing.state == .open ? day : nil))
                #expect(document?.isOverdue(on: day) == false)
                #expect(document?.isOverdue(on: next) == view.isOverdue(on: next))
            }
        }
    }

    @Test(arguments: [
        // A program that keeps another form, one that keeps none, and one of before there were any.
        "document_form = 2", "document_form = null", "document_revision = null", "document_revision = revision - 1",
    ])
    func `a document that is not one of this row in this form is written anew`(_ change: String) async throws {
        let views = (1...3).map { view($0) }
        try await withReadModel(holding: views) { readModel, client async throws in
            let changed = "update invoices set document = 'another one', \(change) where amount <> 2"
            _ = try await client.execute(PostgresStatement(changed))
            for view in views {
                #expect(
                    try await readModel.document(of: view.id, of: tenant, atLeast: nil)
                        == InvoiceDocument(view, in: .plain))
            }
            let listed = try await readModel.documents(
                InvoiceFilter(), of: tenant, in: .newestFirst, from: nil, limit: 10)
            #expect(listed.map(\.document) == views.reversed().map { InvoiceDocument($0, in: .plain) })
        }
    }

    @Test func `invoices come newest first and page by page, those of one moment by id`() async throws {
        let views = (1...9).map { view($0, createdAt: Double($0 / 3)) }
        let expected = views.sorted {
            ($0.createdAt, $0.id.description) > ($1.createdAt, $1.id.description)
        }
        try await withReadModel(holding: views) { readModel, _ async throws in
            var (found, edge): ([InvoiceID], InvoiceEdge?) = ([], nil)
            repeat {
                let page = try await readModel.documents(
                    InvoiceFilter(), of: tenant, in: .newestFirst, from: edge, limit: 2)
                found += page.map(\.document.id)
                edge = page.last.map { .after($0.place) }
            } while edge != nil
            #expect(found == expected.map(\.id))
        }
    }

    @Test func `several invoices are found at once, those that there are`() async throws {
        let views = (1...5).map { view($0) }
        try await withReadModel(holding: views) { readModel, _ async throws in
            let wanted = views[1...3].map(\.id) + [InvoiceID(UUID())]
            #expect(Set(try await readModel.invoices(wanted, of: tenant)) == Set(views[1...3]))
            #expect(try await readModel.invoices(wanted, of: other).isEmpty)
            #expect(try await readModel.invoices([], of: tenant).isEmpty)
        }
    }

    @Test func `no tenant sees the invoices of another`() async throws {
        let invoice = view(1)
        try await withReadModel(holding: [invoice]) { readModel, _ async throws in
            #expect(try await readModel.invoice(invoice.id, of: other) == nil)
            #expect(try await readModel.document(of: invoice.id, of: other, atLeast: nil) == nil)
            let page = try await readModel.documents(
                InvoiceFilter(), of: other, in: .newestFirst, from: nil, limit: 10)
            #expect(page.isEmpty)
            #expect(try await readModel.count(InvoiceFilter(), of: other) == 0)
        }
    }

    @Test func `rows say in columns what lists will ask for`() async throws {
        let full = try fullView()
        try await withDatabase(migrations: "read_db") { client async throws in
            let row = (key: InvoiceKey(tenant: tenant, invoice: full.id), row: full)
            try await client.execute(InvoiceTable.rows(documents: .plain).save([row]))
            let rows = try await client.query(
                PostgresStatement("select number, payment_status, due_amount, lines ->> 0 is not null from invoices"))
            let (number, status, due, hasLines) = try rows[0].decode(
                String.self, String.self, Int64.self, Bool.self)
            #expect(number == "INV-2026-1000000")
            #expect(status == "partially_refunded")
            #expect(due == 0)
            #expect(hasLines)
        }
    }

    @Test func `rows of the first version are read as what they were: open, or paid in full`() async throws {
        try await withClient { client async throws in
            try await client.migrate("read_db", first: 5)
            _ = try await client.execute(
                PostgresStatement(
                    """
                    insert into invoices (tenant, id, customer_id, amount, currency, status, created_at, paid_at, revision)
                    select 'acme', gen_random_uuid(), gen_random_uuid(), 1250, 'EUR', status, to_timestamp(1), paid_at, 0
                    from (values ('open', null), ('paid', to_timestamp(2))) as old (status, paid_at)
                    """))
            _ = try await client.execute(
                PostgresStatement(
                    """
                    insert into customer_statement_invoices
                    select tenant, id, customer_id, currency, amount, due_date, status = 'paid' from invoices
                    """))
            try await client.migrate("read_db")
            let readModel = PostgresInvoiceReadModel(client, documents: .plain)
            let listed = try await readModel.documents(
                InvoiceFilter(), of: tenant, in: .newestFirst, from: nil, limit: 10)
            let views = try await readModel.invoices(listed.map(\.document.id), of: tenant)
            #expect(views.count == 2)
            #expect(Set(listed.map(\.document)) == Set(views.map { InvoiceDocument($0, in: .plain) }))
            #expect(
                Set(views.map(\.standing)) == [
                    InvoiceStanding(state: .open, total: 1250),
                    InvoiceStanding(state: .closed, total: 1250, paid: 1250),
                ])
            #expect(views.allSatisfy { $0.number == nil && $0.issuedAt == $0.createdAt && $0.terms.netAmount == 1250 })
            for view in views {
                let statement = try await PostgresCustomerStatements(client).statement(
                    of: view.terms.customerId, of: tenant, on: try #require(CalendarDate("2026-12-31")))
                #expect(statement.balances.first?.open.amount == view.standing.due)
                #expect(statement.balances.first?.paid.amount == view.standing.kept)
            }
        }
    }
}
