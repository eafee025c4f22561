import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import LibPQ
import PostgresTesting
import Testing

@testable import InvoicesInfrastructure

/// What lists touch of a hundred thousand invoices, by the counters of the table.
@Suite(.database, .timeLimit(.minutes(5))) struct ManyInvoicesTests {
    private static let limit = 20

    @Test func `no common list reads more rows than its page has, wherever it begins`() async throws {
        // One connection for reads, for each counts for itself.
        try await withClient(pool: PostgresPoolConfiguration(readConnections: 1)) { client in
            try await client.migrate("read_db")
            _ = try await client.execute(Self.insert)
            let tenant = try TenantID("acme")
            let reading = InvoiceReading(readModel: PostgresInvoiceReadModel(client), tenant: tenant)
            try await client.withConnection { try await $0.script("analyze invoices") }
            for (name, filter, order) in try Self.lists {
                let query = FindInvoices(filter, in: order, limit: Self.limit)
                let first = try await pageWithinLimits(query, name, of: reading, client)
                let second = FindInvoices(filter, in: order, from: first.next, limit: Self.limit)
                let page = try await pageWithinLimits(second, "\(name), next", of: reading, client)
                let back = FindInvoices(filter, in: order, from: page.previous, limit: Self.limit)
                let again = try await pageWithinLimits(back, "\(name), previous", of: reading, client)
                #expect(again.invoices == first.invoices, "\(name)")
                #expect(first.invoices.count == Self.limit, "\(name)")
            }
        }
    }

    /// Of a text that few have, those few, and those that have its parts.
    @Test(arguments: [
        ("ЗАКАЗ 6", 11, 50), ("order 99998", 1, 50), ("nowhere", 0, 0), ("заказ order", 0, 0),
    ])
    func `a list of text reads no more than has it`(text: String, found: Int, read: Int) async throws {
        try await withClient(pool: PostgresPoolConfiguration(readConnections: 1)) { client in
            try await client.migrate("read_db")
            _ = try await client.execute(Self.insert)
            try await client.withConnection { try await $0.script("vacuum analyze invoices") }
            let readModel = PostgresInvoiceReadModel(client)
            let reading = InvoiceReading(readModel: readModel, tenant: try TenantID("acme"))
            var filter = InvoiceFilter()
            filter.text = text
            for time in 1...7 {
                let before = try await counters(client)
                let page = try await FindInvoices(filter, limit: Self.limit).answer(from: reading)
                let after = try await counters(client)
                #expect(page.invoices.count == found, "\(time)")
                #expect(after.scans == before.scans, "\(time): sequential scans")
                #expect(after.rows - before.rows <= Int64(read), "\(time): rows read")
            }
        }
    }

    @Test func `a list of text that many have is read in its order, once it is known that they are many`() async throws
    {
        try await withClient(pool: PostgresPoolConfiguration(readConnections: 1)) { client in
            try await client.migrate("read_db")
            _ = try await client.execute(Self.insert)
            try await client.withConnection { try await $0.script("vacuum analyze invoices") }
            let reading = InvoiceReading(readModel: PostgresInvoiceReadModel(client), tenant: try TenantID("acme"))
            var filter = InvoiceFilter()
            filter.text = "order"
            for _ in 1...7 {
                let before = try await counters(client)
                let page = try await FindInvoices(filter, limit: Self.limit).answer(from: reading)
                let after = try await counters(client)
                #expect(page.invoices.count == Self.limit)
                #expect(after.rows - before.rows <= 2 * Int64(InvoiceSelection.mostFound))
            }
            filter.overdue = .init(true, on: try #require(CalendarDate("2026-06-01")))
            let page = try await FindInvoices(filter, limit: Self.limit, wantsTotal: true).answer(from: reading)
            #expect(page.invoices.count == Self.limit)
            #expect(try #require(page.total) > Int64(Self.limit))
        }
    }

    /// As often as it takes PostgreSQL to plan a statement for what is asked, and then to keep a plan for everything.
    private func pageWithinLimits(
        _ query: FindInvoices, _ name: String, of reading: InvoiceReading, _ client: PostgresClient
    ) async throws -> InvoicePage {
        for time in 1...6 { _ = try await onePageWithinLimits(query, "\(name), \(time)", of: reading, client) }
        return try await onePageWithinLimits(query, "\(name), kept plan", of: reading, client)
    }

    private func onePageWithinLimits(
        _ query: FindInvoices, _ name: String, of reading: InvoiceReading, _ client: PostgresClient
    ) async throws -> InvoicePage {
        let before = try await counters(client)
        let page = try await query.answer(from: reading)
        let after = try await counters(client)
        #expect(after.scans == before.scans, "\(name): sequential scans")
        // One more than the page tells that there is another one; and to skip the few that are not in the state that
        // nearly all are in is no detour.
        #expect(after.rows - before.rows <= Int64(Self.limit) + 1 + Int64(Self.limit / 10), "\(name): rows read")
        #expect(after.rows > before.rows, "\(name): rows are counted")
        return page
    }

    private func counters(_ client: PostgresClient) async throws -> (scans: Int64, rows: Int64) {
        _ = try await client.query(Self.flush)
        return try await client.query(Self.counters)[0].decode(Int64.self, Int64.self)
    }

    private static let flush = PostgresStatement("select 1 from pg_stat_force_next_flush()")
    private static let counters = PostgresStatement(
        "select seq_scan, coalesce(idx_tup_fetch, 0) + seq_tup_read from pg_stat_user_tables where relname = 'invoices'"
    )

    /// One in fifty is open, one in a hundred a draft; half of them have a due date; there are a thousand customers.
    private static let insert = PostgresStatement(
        """
        insert into invoices (
            tenant, id, customer_id, currency, amount, state, payment_status, paid_amount, refunded_amount, due_date,
            due_day, reference, series, number_year, number_in_year, number, created_at, issued_at, position, search,
            search_grams, revision, document_version, document)
        select case n % 10 when 9 then 'other' else 'acme' end, gen_random_uuid(),
               ('0190a1b2-0000-7000-8000-' || lpad((n % 1000)::text, 12, '0'))::uuid, 'EUR', n % 5000 + 1,
               state, case state when 'closed' then 'paid' else 'unpaid' end,
               case state when 'closed' then n % 5000 + 1 else 0 end, 0, due, case state when 'open' then due end,
               'Order ' || n,
               case state when 'draft' then null else 'INV' end, case state when 'draft' then null else 2026 end,
               case state when 'draft' then null else n end,
               case state when 'draft' then null else 'INV-2026-' || lpad(n::text, 6, '0') end,
               timestamptz '2026-01-01' + n * interval '1 second',
               case state when 'draft' then null else timestamptz '2026-01-01' + n * interval '2 seconds' end, n,
               search, (select string_agg(distinct substr(search, i, 3), E'\\n') from generate_series(1, length(search) - 2) i),
               0, 1, 'a document'
        from generate_series(1, 100000) n,
             lateral (select case when n % 50 < 2 then case when n % 100 = 0 then 'draft' else 'open' end
                                  else 'closed' end as state,
                             case n % 2 when 1 then date '2026-01-01' + n % 365 end as due,
                             case n % 1000 when 7 then 'заказ ' else 'order ' end || n as search) s
        """)

    private static var lists: [(String, InvoiceFilter, InvoiceOrder)] {
        get throws {
            var lists = InvoiceOrder.Key.allCases.flatMap { key in
                [false, true].map { ("by \(key) \($0)", InvoiceFilter(), InvoiceOrder(by: key, isDescending: $0)) }
            }
            let id = try #require(UUID(text: "0190a1b2-0000-7000-8000-000000000007"))
            var customer = InvoiceFilter()
            customer.customer = CustomerID(id)
            lists.append(("of a customer", customer, .newestFirst))
            for state in [InvoiceState.draft, .open, .closed] {
                var filter = InvoiceFilter()
                filter.states = [state]
                lists.append(("\(state)", filter, .newestFirst))
            }
            var overdue = InvoiceFilter()
            overdue.overdue = .init(true, on: try #require(CalendarDate("2026-06-01")))
            lists.append(("overdue", overdue, InvoiceOrder(by: .dueDate)))
            var created = InvoiceFilter()
            created.created = .init(
                from: RFC3339.date(from: "2026-01-01T01:00:00Z"), to: RFC3339.date(from: "2026-01-01T02:00:00Z"))
            lists.append(("created in an hour", created, .newestFirst))
            return lists
        }
    }
}
