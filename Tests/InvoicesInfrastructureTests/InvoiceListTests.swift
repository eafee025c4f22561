import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct InvoiceListTests {
    let tenant: TenantID
    let customers = [CustomerID(UUID()), CustomerID(UUID())]

    init() throws { tenant = try TenantID("acme") }

    /// Invoices that differ in everything that lists ask for, each value of which comes several times or not at all.
    private func invoices(_ count: Int) -> [InvoiceView] {
        (0..<count).map { number in
            let (states, amount) = (InvoiceState.allCases, Int64(number % 7 + 1))
            let state = states[number % states.count]
            let paid = state == .closed ? amount : state == .open ? amount / 2 : 0
            let time = RFC3339.rounded(Date(timeIntervalSince1970: 1_795_000_000 + Double(number / 3) * 0.000_001))
            let terms = InvoiceTerms(
                customerId: customers[number % 2], currency: number % 3 == 0 ? "EUR" : "USD", amount: amount,
                dueDate: number % 5 == 0 ? nil : CalendarDate(year: 2026, month: 12, day: number % 4 + 1),
                reference: number % 6 == 0 ? nil : "100%_\\ Größe \(number)")
            return .fixture(
                terms, state, number: Int64(999_990 + number), paid: paid, createdAt: time,
                issuedAt: RFC3339.rounded(time + 1))
        }
    }

    private func withInvoices(
        _ views: [InvoiceView], _ body: (InvoiceReading, PostgresClient, [InvoiceRow]) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { client in
            let rows = try await client.save(views, of: tenant)
            try await body(InvoiceReading(readModel: PostgresInvoiceReadModel(client), tenant: tenant), client, rows)
        }
    }

    private static let orders = InvoiceOrder.Key.allCases.flatMap { key in
        [InvoiceOrder(by: key), InvoiceOrder(by: key, isDescending: true)]
    }

    @Test(arguments: orders)
    func `every order is kept over pages, forwards and back, while others are created`(
        _ order: InvoiceOrder
    ) async throws {
        let views = invoices(41)
        let ids = Set(views.map(\.id))
        try await withInvoices(views) { reading, client, rows in
            var (pages, edge): ([InvoicePage], InvoiceEdge?) = ([], nil)
            repeat {
                let page = try await FindInvoices(in: order, from: edge, limit: 4).answer(from: reading)
                pages.append(page)
                edge = page.next
                try await client.save(invoices(3), of: tenant)
            } while edge != nil && pages.count < 100
            let known = pages.flatMap(\.invoices).filter { ids.contains($0.invoice.id) }
            #expect(known.count == views.count)
            let expected = try rows.map {
                ListedInvoice(
                    try $0.invoice.stored, at: InvoicePlace(of: $0.invoice, madeAt: $0.position, in: order))
            }
            #expect(Set(known.map(rounded)) == Set(expected.map(rounded)))
            #expect(Set(pages.flatMap(\.invoices).map(\.invoice.id)).count == pages.flatMap(\.invoices).count)

            // The same way back, past those that were created meanwhile.
            var back = try #require(pages.last).invoices
            edge = pages.last?.previous
            while let previous = edge {
                let page = try await FindInvoices(in: order, from: previous, limit: 4).answer(from: reading)
                back = page.invoices + back
                edge = page.previous
                try await client.save(invoices(1), of: tenant)
            }
            #expect(back.filter { ids.contains($0.invoice.id) } == known)
            #expect(Set(back.map(\.invoice.id)).count == back.count)
            #expect(isSorted(back.map(\.place), isDescending: order.isDescending))
        }
    }

    /// With the time to the microsecond, which PostgreSQL and an event count from different days.
    private func rounded(_ listed: ListedInvoice) -> ListedInvoice {
        guard case .time(let time) = listed.place.value else { return listed }
        return ListedInvoice(
            listed.invoice, at: InvoicePlace(.time(RFC3339.rounded(time)), position: listed.place.position))
    }

    private func isSorted(_ places: [InvoicePlace], isDescending: Bool) -> Bool {
        zip(places, places.dropFirst()).allSatisfy { left, right in
            let values = [left, right].map { place -> [Double]? in
                switch place.value {
                case .time(let time): [time.timeIntervalSince1970]
                case .date(let date): [Double(date.month), Double(date.day)]
                case .amount(let amount): [Double(amount)]
                case .number(let number): [Double(number.number)]
                case nil: nil
                }
            }
            let isInOrderOfMaking = isDescending ? left.position > right.position : left.position < right.position
            switch (values[0], values[1]) {
            case (nil, nil): return isInOrderOfMaking
            case (nil, _): return false
            case (_, nil): return true
            case let (first?, second?) where first == second: return isInOrderOfMaking
            case let (first?, second?): return isDescending != first.lexicographicallyPrecedes(second)
            }
        }
    }

    @Test func `a page may be larger than usual`() async throws {
        try await withInvoices(invoices(230)) { reading, _, _ async throws in
            let page = try await FindInvoices(limit: 220).answer(from: reading)
            #expect(page.invoices.count == 220)
            #expect(page.next != nil)
        }
    }

    @Test func `each condition lets through what meets it and nothing else`() async throws {
        let views = invoices(60)
        let day = try #require(CalendarDate("2026-12-03"))
        let (time, customer) = (views[30].createdAt, customers[0])
        let number = try #require(views[1].number)
        let conditions: [((inout InvoiceFilter) -> Void, (InvoiceView) -> Bool)] = [
            ({ $0.states = [.open] }, { $0.standing.state == .open }),
            ({ $0.states = [.open, .void] }, { [.open, .void].contains($0.standing.state) }),
            (
                { $0.paymentStatuses = [.paid, .partiallyPaid] },
                { [.paid, .partiallyPaid].contains($0.standing.paymentStatus) }
            ),
            ({ $0.customer = customer }, { $0.terms.customerId == customer }),
            ({ $0.currency = .euro }, { $0.terms.currency == "EUR" }),
            ({ $0.number = number }, { $0.number == number }),
            ({ $0.amount = .init(from: 3, to: 5) }, { (3...5).contains($0.terms.amount) }),
            ({ $0.created = .init(from: time) }, { $0.createdAt >= time }),
            ({ $0.created = .init(to: time) }, { $0.createdAt < time }),
            (
                { $0.issued = .init(from: RFC3339.rounded(time + 1)) },
                { $0.issuedAt.map { $0 >= RFC3339.rounded(time + 1) } ?? false }
            ),
            (
                { $0.issued = .init(to: RFC3339.rounded(time + 1)) },
                { $0.issuedAt.map { $0 < RFC3339.rounded(time + 1) } ?? false }
            ),
            ({ $0.due = .init(from: day) }, { $0.terms.dueDate.map { $0 >= day } ?? false }),
            ({ $0.due = .init(to: day) }, { $0.terms.dueDate.map { $0 <= day } ?? false }),
            ({ $0.overdue = .init(true, on: day) }, { $0.isOverdue(on: day) }),
            ({ $0.overdue = .init(false, on: day) }, { !$0.isOverdue(on: day) }),
            ({ $0.text = "größe 1" }, { $0.terms.reference?.rawValue.contains("Größe 1") == true }),
            ({ $0.text = "%_\\" }, { $0.terms.reference != nil }),
            ({ $0.text = "%%" }, { _ in false }),
            ({ $0.text = "inv-2026-1000" }, { $0.number.map { $0.number >= 1_000_000 } ?? false }),
        ]
        try await withInvoices(views) { reading, _, _ async throws in
            for (index, (set, meets)) in conditions.enumerated() {
                var filter = InvoiceFilter()
                set(&filter)
                let page = try await FindInvoices(filter, limit: 100, wantsTotal: true).answer(from: reading)
                let expected = Set(views.filter(meets).map(\.id))
                #expect(Set(page.invoices.map(\.invoice.id)) == expected, "condition \(index)")
                #expect(page.total == Int64(expected.count), "condition \(index)")
                #expect(
                    expected.count < views.count && (!expected.isEmpty || filter.text == "%%"), "condition \(index)")
            }
            var all = InvoiceFilter()
            for (set, _) in conditions.prefix(5) { set(&all) }
            let found = try await FindInvoices(all, limit: 100).answer(from: reading).invoices
            #expect(
                Set(found.map(\.invoice.id))
                    == Set(
                        views.filter { view in
                            [2, 3, 4].allSatisfy { conditions[$0].1(view) } && conditions[1].1(view)
                        }.map(\.id)))
        }
    }

    private static let texts = [
        "MÜLLER & Söhne", "Straße 7", "ΟΔΥΣΣΕΥΣ", "İSTANBUL", "Заказ № 5", "請求書 東京", "Cafe\u{301} Ole\u{301}",
        "50 % _x_ \\ y", "A", "👩‍👩 family", "ԵՐԵՎԱՆ", "%\u{301}",
    ]

    @Test(arguments: [
        ("müller", [0]), ("söhne", [0]), ("STRASSE", [1]), ("straße", [1]), ("οδυσσευς", [2]), ("σσευσ", [2]),
        ("istanbul", [3]), ("ISTANBUL", [3]), ("заказ", [4]), ("№", [4]), ("ЗА", [4]), ("請求", [5]), ("求", [5]),
        ("東京", [5]), ("京東", []), ("café", [6]), ("CAFE\u{301}", [6]), ("caf\u{E9} ol\u{E9}", [6]), ("cafe", []),
        ("%", [7, 11]), ("_", [7]), ("\\", [7]), ("0 %", [7]), ("_x_", [7]), ("_X_ \\ Y", [7]), ("%_", []),
        ("a", [1, 3, 6, 8, 9]), ("👩", [9]), ("երեվան", [10]), ("%\u{301}", [11]), ("x%\u{301}y", []), ("a\nb", []),
    ])
    func `text is found in any script, in capitals or not`(query: String, found: [Int]) async throws {
        let views = Self.texts.map { text in
            InvoiceView.fixture(
                InvoiceTerms(customerId: customers[0], currency: "EUR", amount: 1, reference: text), .draft)
        }
        try await withInvoices(views) { reading, _, _ async throws in
            var filter = InvoiceFilter()
            filter.text = query
            let page = try await FindInvoices(filter, in: InvoiceOrder(by: .createdAt), limit: 50, wantsTotal: true)
                .answer(from: reading)
            #expect(page.invoices.map(\.invoice.id) == found.map { views[$0].id })
            #expect(page.total == Int64(found.count))
        }
    }

    @Test(arguments: InvoiceOrder.Key.allCases, [false, true])
    func `invoices with the same value are in the order in which they were made`(
        key: InvoiceOrder.Key, isDescending: Bool
    ) async throws {
        let terms = InvoiceTerms(
            customerId: customers[0], currency: "EUR", amount: 1, dueDate: CalendarDate("2026-12-31"))
        let made = (0..<30).map { _ in InvoiceView.fixture(terms, key == .number ? .draft : .open) }
        try await withInvoices(made) { reading, _, _ async throws in
            var (found, edge): ([InvoiceID], InvoiceEdge?) = ([], nil)
            repeat {
                let order = InvoiceOrder(by: key, isDescending: isDescending)
                let page = try await FindInvoices(in: order, from: edge, limit: 7).answer(from: reading)
                found += page.invoices.map(\.invoice.id)
                edge = page.next
            } while edge != nil
            #expect(found == (isDescending ? made.reversed() : made).map(\.id))
        }
    }
}
