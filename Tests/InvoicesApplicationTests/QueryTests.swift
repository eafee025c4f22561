import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import Testing

@Suite struct QueryTests {
    /// Seven invoices, the first the newest.
    private struct Seven: InvoiceReadModel {
        static let listed = (0..<7).map { number in
            let created = InvoiceCreated(
                invoiceId: InvoiceID(UUID()),
                terms: InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: 1),
                createdAt: Date(timeIntervalSince1970: 1_000 - Double(number)))
            let view = InvoiceView(InvoiceDetails(created), revision: .first)
            return ListedInvoice(
                StoredInvoice(
                    id: created.invoiceId, revision: .first, dueDay: nil,
                    document: InvoiceDocument(version: 1, bytes: [])),
                at: InvoicePlace(of: view, madeAt: Position(Int64(7 - number)), in: .newestFirst))
        }

        func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> StoredInvoice? {
            Self.listed.first { $0.invoice.id == id }?.invoice
        }

        func statement(
            of customer: CustomerID, of tenant: TenantID, on day: CalendarDate
        ) async throws -> CustomerStatement {
            CustomerStatement(customer: customer, day: day, balances: [])
        }

        func invoices(
            _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
        ) async throws -> ListedInvoices {
            func index(of place: InvoicePlace) -> Int { Self.listed.firstIndex { $0.place == place }! }
            let found: [ListedInvoice] =
                switch edge {
                case .after(let place): Array(Self.listed[(index(of: place) + 1)...])
                case .before(let place): Array(Self.listed[..<index(of: place)].reversed())
                case nil: Self.listed
                }
            return ListedInvoices(Array(found.prefix(limit)), setAside: 2)
        }

        func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64 { Int64(Self.listed.count) }
    }

    private func page(from edge: InvoiceEdge? = nil, limit: Int, wantsTotal: Bool = false) async throws -> InvoicePage {
        let context = MessageContext(
            tenant: try TenantID("acme"), correlationID: "c", source: "tests", now: Date(timeIntervalSince1970: 0))
        let queries = QueryBus(progress: PositionSignal()) { InvoiceReading(readModel: Seven(), tenant: $0.tenant) }
        return try await queries.ask(FindInvoices(from: edge, limit: limit, wantsTotal: wantsTotal), in: context)
    }

    @Test(arguments: [1, 2, 3, 6])
    func `pages follow one another to the end`(_ limit: Int) async throws {
        var (pages, next): ([InvoicePage], InvoiceEdge?) = ([], nil)
        repeat {
            let page = try await page(from: next, limit: limit)
            #expect(page.invoices.count <= limit)
            pages.append(page)
            next = page.next
        } while next != nil
        #expect(pages.flatMap(\.invoices) == Seven.listed)
        #expect(pages.first?.previous == nil)
        // And back again, page by page.
        var (back, previous): ([[ListedInvoice]], InvoiceEdge?) = ([], pages.last?.previous)
        while let edge = previous {
            let page = try await page(from: edge, limit: limit)
            #expect(page.next != nil)
            back.insert(page.invoices, at: 0)
            previous = page.previous
        }
        #expect(back.flatMap(\.self) == pages.dropLast().flatMap(\.invoices))
    }

    @Test func `the total is counted when it is wanted`() async throws {
        let (counted, plain) = (try await page(limit: 2, wantsTotal: true), try await page(limit: 2))
        #expect(counted.total == 7)
        #expect(counted.setAside == 2)
        #expect(plain.total == nil)
    }

    @Test(arguments: [7, 8, 200])
    func `a page that holds the last invoice has no next one`(_ limit: Int) async throws {
        let page = try await page(limit: limit)
        #expect(page.invoices == Seven.listed)
        #expect(page.next == nil && page.previous == nil)
    }
}
