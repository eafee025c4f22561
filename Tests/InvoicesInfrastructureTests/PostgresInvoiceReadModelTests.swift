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
        .fixture(
            InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: Int64(number)), .draft,
            createdAt: Date(timeIntervalSince1970: seconds ?? Double(number)))
    }

    /// An invoice of which nothing is missing.
    private func fullView() throws -> InvoiceView {
        let quantity = try #require(Quantity("1.5"))
        let rate = try #require(TaxRate(basisPoints: 1_900))
        let lines = try ["Größe \"XL\" – 7", "日本"].map { text in
            let description = try #require(InvoiceLine.Description(text))
            return InvoiceLine(
                description: description, quantity: quantity, unitPrice: try #require(UnitPrice(minorUnits: 9_900)),
                taxRate: rate)
        }
        let terms = try InvoiceTerms(
            customer: CustomerID(UUID()), contents: .lines(lines), currency: .euro, dueDate: CalendarDate("2028-02-29"),
            reference: Reference("Größe – 7"))
        let time = Date(timeIntervalSince1970: 1_795_086_400.000001)
        return .fixture(
            terms, .void, number: 1_000_000, paid: terms.amount, refunded: terms.amount,
            createdAt: RFC3339.rounded(Date(timeIntervalSince1970: 1_795_000_000.123456)),
            issuedAt: RFC3339.rounded(time), revision: 4)
    }

    private func withReadModel(
        holding views: [InvoiceView], _ body: (PostgresInvoiceReadModel, PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { client in
            try await client.save(views, of: tenant)
            try await body(PostgresInvoiceReadModel(client, events: InMemoryEventStore()), client)
        }
    }

    @Test func `an invoice comes back as it was written, with and without its optional parts`() async throws {
        let full = try fullView()
        let plain = view(1)
        try await withReadModel(holding: [full, plain]) { readModel, _ async throws in
            for view in [full, plain] {
                let stored = try #require(try await readModel.invoice(view.id, of: tenant))
                #expect(stored == (try view.stored))
                #expect(try stored.view() == view)
            }
            #expect(try await readModel.invoice(InvoiceID(UUID()), of: tenant) == nil)
        }
    }

    @Test func `a row says from when on its invoice is overdue`() async throws {
        let (day, next) = (try #require(CalendarDate("2026-12-31")), try #require(CalendarDate("2027-01-01")))
        let terms = InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: 2, dueDate: day)
        let views: [InvoiceView] = [
            .fixture(terms, .open, paid: 1), .fixture(terms, .draft), .fixture(terms, .closed, paid: 2),
            .fixture(terms, .void),
        ]
        try await withReadModel(holding: views) { readModel, _ async throws in
            for view in views {
                let stored = try #require(try await readModel.invoice(view.id, of: tenant))
                #expect(stored.dueDay == (view.standing.state == .open ? day : nil))
                #expect(!stored.isOverdue(on: day))
                #expect(stored.isOverdue(on: next) == view.isOverdue(on: next))
            }
        }
    }

    @Test func `a document of a later version of the program is refused by name, and a damaged one too`() async throws {
        let view = view(1)
        try await withReadModel(holding: [view]) { readModel, client async throws in
            _ = try await client.execute(PostgresStatement("update invoices set document_version = 3"))
            let later = try #require(try await readModel.invoice(view.id, of: tenant))
            #expect(throws: UnknownDocumentVersion.self) { try later.view() }
            _ = try await client.execute(PostgresStatement("update invoices set document_version = 2, document = '{}'"))
            let damaged = try #require(try await readModel.invoice(view.id, of: tenant))
            #expect(throws: DecodingError.self) { try damaged.view() }
        }
    }

    /// Bytes of version 1, as they are in people's databases.
    @Test func `a document of version 1 is read for ever`() throws {
        let document = InvoiceDocument(
            version: 1,
            bytes: Array(
                """
                {"createdAt":"2026-11-18T11:06:40Z","id":"0190a1b2-0000-7000-8000-000000000001",\
                "issuedAt":"2026-11-18T11:06:41Z","number":"INV-2026-000007","series":"INV",\
                "standing":{"paid":1,"refunded":0,"state":"open","total":1250},\
                "terms":{"amount":1250,"currency":"EUR","customerId":"0190a1b2-0000-7000-8000-000000000002",\
                "lines":[],"netAmount":1250,"taxAmount":0}}
                """.utf8))
        let details = try document.decode()
        #expect(details.number == InvoiceNumber(series: .standard, year: 2026, number: 7))
        #expect(details.standing == InvoiceStanding(state: .open, total: 1250, paid: 1))
        #expect(details.terms.amount == 1250)
        #expect(try InvoiceDocument(details) == document)
    }

    /// A row as it was written before payments were listed, of an invoice that was paid in two parts by then.
    @Test func `an invoice of before payments were listed has them from its events, alone and in a list`() async throws
    {
        let (id, customer, time) = (InvoiceID(UUID()), CustomerID(UUID()), Date(timeIntervalSince1970: 1_795_000_000))
        let terms = InvoiceTerms(customerId: customer, currency: "EUR", amount: 1250)
        let events: [InvoiceEvent] = [
            .created(InvoiceCreated(invoiceId: id, terms: terms, createdAt: time, issuedIn: .standard)),
            .paymentReceived(
                InvoicePaymentReceived(invoiceId: id, paymentId: PaymentID(UUID()), amount: 250, paidAt: time)),
            .paymentReceived(
                InvoicePaymentReceived(invoiceId: id, paymentId: PaymentID(UUID()), amount: 1000, paidAt: time)),
        ]
        let store = InMemoryEventStore()
        let metadata = EventMetadata(correlationID: "c", causationID: "c", source: "tests", occurredAt: time)
        _ = try await store.append(
            events.map { try NewEvent($0, id: .v7(), metadata: metadata) },
            to: try StreamName("invoices.invoice.v1-acme-\(id)"), expecting: .noStream)
        let view = InvoiceView(Invoice(folding: [events[0].numbered(1)] + events[1...]).details!, revision: Revision(2))
        try await withDatabase(migrations: "read_db") { client in
            try await client.save([view], of: tenant)
            _ = try await client.execute(
                PostgresStatement(
                    "update invoices set document_version = 1, document = (document::jsonb - 'payments')::text"))
            let readModel = PostgresInvoiceReadModel(client, events: store)
            let found = try await readModel.invoice(id, of: tenant)
            #expect(try found?.view() == view)
            let listed = try await readModel.invoices(
                InvoiceFilter(), of: tenant, in: .newestFirst, from: nil, limit: 10
            ).invoices
            #expect(try listed.map { try $0.invoice.view() } == [view])
        }
    }

    @Test func `an invoice of before payments were listed that has none needs no events`() async throws {
        let view = InvoiceView.fixture(InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: 1), .open)
        try await withReadModel(holding: [view]) { readModel, client async throws in
            _ = try await client.execute(
                PostgresStatement(
                    "update invoices set document_version = 1, document = (document::jsonb - 'payments')::text"))
            #expect(try await readModel.invoice(view.id, of: tenant)?.view() == view)
        }
    }

    @Test func `invoices come newest first and page by page, those of one moment by when they were made`() async throws
    {
        let views = (1...9).map { view($0, createdAt: Double($0 / 3)) }
        try await withReadModel(holding: views) { readModel, _ async throws in
            var (found, edge): ([InvoiceID], InvoiceEdge?) = ([], nil)
            repeat {
                let page = try await readModel.invoices(
                    InvoiceFilter(), of: tenant, in: .newestFirst, from: edge, limit: 2
                ).invoices
                found += page.map(\.invoice.id)
                edge = page.last.map { .after($0.place) }
            } while edge != nil
            #expect(found == views.reversed().map(\.id))
        }
    }

    @Test func `no tenant sees the invoices of another`() async throws {
        let invoice = view(1)
        try await withReadModel(holding: [invoice]) { readModel, _ async throws in
            #expect(try await readModel.invoice(invoice.id, of: other) == nil)
            let page = try await readModel.invoices(
                InvoiceFilter(), of: other, in: .newestFirst, from: nil, limit: 10)
            #expect(page == ListedInvoices([], setAside: 0))
            #expect(try await readModel.count(InvoiceFilter(), of: other) == 0)
        }
    }

    @Test func `lists and statements say how many invoices are set aside, those that find nothing too`() async throws {
        let (invoice, day) = (view(1), try #require(CalendarDate("2026-12-31")))
        try await withReadModel(holding: [invoice]) { readModel, client async throws in
            _ = try await client.execute(
                PostgresStatement(
                    """
                    insert into parked_events
                        (projection, partition, position, tenant, stream, event_id, type, skipped_at)
                    select projection, 0, position, tenant, stream, gen_random_uuid(), 'type', skipped_at
                    from (values
                        ('invoices', 1, 'acme', 'a', null), ('invoices', 2, 'acme', 'a', null),
                        ('invoices', 3, 'acme', 'b', null), ('invoices', 4, 'acme', 'c', now()),
                        ('invoices', 5, 'third', 'd', null), ('others', 6, 'acme', 'e', null)
                    ) as events (projection, position, tenant, stream, skipped_at)
                    """))
            for (tenant, setAside) in [(tenant, 2), (other, 0), (try TenantID("third"), 1)] as [(TenantID, Int64)] {
                for order in [InvoiceOrder.newestFirst, InvoiceOrder(by: .dueDate)] {
                    let page = try await readModel.invoices(
                        InvoiceFilter(), of: tenant, in: order, from: nil, limit: 10)
                    #expect(page.setAside == setAside)
                    #expect(page.invoices.count == (tenant == self.tenant ? 1 : 0))
                }
                let statement = try await readModel.statement(of: CustomerID(UUID()), of: tenant, on: day)
                #expect(statement.setAside == setAside)
                #expect(statement.balances.isEmpty)
            }
        }
    }

    @Test func `rows say in columns what lists will ask for`() async throws {
        let full = try fullView()
        try await withReadModel(holding: [full]) { _, client async throws in
            let rows = try await client.query(
                PostgresStatement("select number, payment_status, paid_amount, due_day is null from invoices"))
            let (number, status, paid, isNotDue) = try rows[0].decode(
                String.self, String.self, Int64.self, Bool.self)
            #expect(number == "INV-2026-1000000")
            #expect(status == "refunded")
            #expect(paid == full.terms.amount)
            #expect(isNotDue)
        }
    }
}
