import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresCustomerStatementsTests {
    let tenant: TenantID
    let other: TenantID
    let customer = CustomerID(UUID())
    let day = CalendarDate("2026-12-31")!

    init() throws {
        tenant = try TenantID("acme")
        other = try TenantID("other")
    }

    private func invoice(
        _ amount: Int64, _ currency: String = "EUR", due dueDate: String? = nil, isPaid: Bool = false,
        to customer: CustomerID? = nil
    ) -> InvoiceView {
        .fixture(
            InvoiceTerms(
                customerId: customer ?? self.customer, currency: currency, amount: amount,
                dueDate: dueDate.flatMap { CalendarDate($0) }),
            isPaid ? .closed : .open, paid: isPaid ? amount : 0)
    }

    private func invoice(
        _ state: InvoiceState, total: Int64, paid: Int64 = 0, refunded: Int64 = 0
    ) -> InvoiceView {
        .fixture(
            InvoiceTerms(
                customerId: customer, currency: "EUR", amount: total, dueDate: CalendarDate("2026-01-01")),
            state, paid: paid, refunded: refunded)
    }

    private func balance(
        _ currency: String, open: (Int64, Int64) = (0, 0), overdue: (Int64, Int64) = (0, 0),
        paid: (Int64, Int64) = (0, 0)
    ) -> CustomerStatement.Balance {
        CustomerStatement.Balance(
            currency: Currency(code: currency)!, open: .init(invoices: open.0, amount: open.1),
            overdue: .init(invoices: overdue.0, amount: overdue.1), paid: .init(invoices: paid.0, amount: paid.1))
    }

    private func withStatements(
        of invoices: [InvoiceView], others: [InvoiceView] = [],
        _ body: (PostgresInvoiceReadModel, PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { client in
            try await client.save(invoices, of: tenant)
            try await client.save(others, of: other)
            try await body(PostgresInvoiceReadModel(client, events: InMemoryEventStore()), client)
        }
    }

    @Test func `invoices are added up by currency, open and paid`() async throws {
        let invoices = [
            invoice(1, "USD"), invoice(20, "EUR"), invoice(300, "EUR"), invoice(4_000, "EUR", isPaid: true),
            invoice(Money.largestInvoice, "CHF", isPaid: true), invoice(Money.largestInvoice, "CHF", isPaid: true),
        ]
        try await withStatements(of: invoices) { statements, _ async throws in
            let statement = try await statements.statement(of: customer, of: tenant, on: day)
            let expected = CustomerStatement(
                customer: customer, day: day,
                balances: [
                    balance("CHF", paid: (2, 2 * Money.largestInvoice)),
                    balance("EUR", open: (2, 320), paid: (1, 4_000)), balance("USD", open: (1, 1)),
                ])
            #expect(statement == expected)
        }
    }

    @Test func `an open invoice is overdue after its due date, not on it, and never without one`() async throws {
        let invoices = [
            invoice(1, due: "2026-12-30"), invoice(20, due: "2026-12-31"), invoice(300, due: "2027-01-01"),
            invoice(4_000), invoice(50_000, due: "2026-01-01", isPaid: true),
        ]
        let expectations: [(day: String, overdue: (Int64, Int64))] = [
            ("2026-12-30", (0, 0)), ("2026-12-31", (1, 1)), ("2027-01-01", (2, 21)), ("9999-12-31", (3, 321)),
            ("0001-01-01", (0, 0)),
        ]
        try await withStatements(of: invoices) { statements, _ async throws in
            for (text, overdue) in expectations {
                let day = try #require(CalendarDate(text))
                let statement = try await statements.statement(of: customer, of: tenant, on: day)
                #expect(
                    statement.balances == [balance("EUR", open: (4, 4_321), overdue: overdue, paid: (1, 50_000))],
                    "\(text)")
            }
        }
    }

    @Test func `what is paid in part is due and kept in part, refunds are not kept, drafts and void ones not counted`()
        async throws
    {
        let invoices = [
            invoice(.draft, total: 1), invoice(.void, total: 20), invoice(.void, total: 300, paid: 300, refunded: 300),
            invoice(.open, total: 4_000, paid: 1_000), invoice(.open, total: 50_000, paid: 10_000, refunded: 10_000),
            invoice(.closed, total: 600_000, paid: 600_000, refunded: 100_000),
            invoice(.closed, total: 7_000_000, paid: 7_000_000, refunded: 7_000_000),
        ]
        try await withStatements(of: invoices) { statements, _ async throws in
            let statement = try await statements.statement(of: customer, of: tenant, on: day)
            let due: (Int64, Int64) = (2, 43_000)
            #expect(statement.balances == [balance("EUR", open: due, overdue: due, paid: (2, 501_000))])
        }
    }

    @Test func `a payment that is reversed is due again, and a refund beyond what is paid takes nothing off others`()
        async throws
    {
        let (id, time) = (InvoiceID(UUID()), Date(timeIntervalSince1970: 1_795_000_000))
        let terms = InvoiceTerms(
            customerId: customer, currency: "EUR", amount: 10_000, dueDate: CalendarDate("2026-01-01"))
        let (payment, reason) = (PaymentID(UUID()), try #require(Reason("bounced")))
        let events: [InvoiceEvent] = [
            .created(InvoiceCreated(invoiceId: id, terms: terms, createdAt: time, issuedIn: .standard)).numbered(1),
            .paymentReceived(
                InvoicePaymentReceived(invoiceId: id, paymentId: payment, amount: 10_000, paidAt: time)),
            .refunded(InvoiceRefunded(invoiceId: id, amount: 2_500, refundedAt: time)),
            .paymentReversed(
                InvoicePaymentReversed(
                    invoiceId: id, paymentId: payment, amount: 10_000, reason: reason, reversedAt: time)),
        ]
        let reversed = InvoiceView(try #require(Invoice(folding: events).details), revision: Revision(3))
        try await withStatements(of: [reversed, invoice(.closed, total: 600, paid: 600)]) {
            statements, _ async throws in
            let statement = try await statements.statement(of: customer, of: tenant, on: day)
            #expect(statement.balances == [balance("EUR", open: (1, 10_000), overdue: (1, 10_000), paid: (1, 600))])
        }
    }

    @Test func `a customer of drafts and void invoices alone has no balance`() async throws {
        try await withStatements(of: [invoice(.draft, total: 1), invoice(.void, total: 1)]) {
            statements, _ async throws in
            let statement = try await statements.statement(of: customer, of: tenant, on: day)
            #expect(statement.balances.isEmpty)
        }
    }

    @Test func `no customer and no tenant sees the invoices of another`() async throws {
        try await withStatements(of: [invoice(1, to: CustomerID(UUID()))], others: [invoice(1)]) {
            statements, _ async throws in
            let statement = try await statements.statement(of: customer, of: tenant, on: day)
            #expect(statement == CustomerStatement(customer: customer, day: day, balances: []))
        }
    }

    @Test func `one customer's statement among many is read from the index`() async throws {
        let invoices = (0..<2_000).map { invoice($0 + 1, to: $0 % 100 == 0 ? nil : CustomerID(UUID())) }
        try await withStatements(of: invoices) { _, client in
            _ = try await client.execute(PostgresStatement("vacuum analyze invoices"))
            let plan = try await client.query(
                PostgresStatement(
                    """
                    explain select currency, sum(amount - paid_amount) filter (where due_day < '2026-12-31'),
                        sum(paid_amount - refunded_amount)
                    from invoices where tenant = 'acme' and customer_id = '\(customer)' and state in ('open', 'closed')
                    group by currency order by currency
                    """)
            ).map { try $0.decode(String.self) }.joined(separator: "\n")
            #expect(plan.contains("Index Only Scan using invoices_of_customer"), "\(plan)")
        }
    }
}
