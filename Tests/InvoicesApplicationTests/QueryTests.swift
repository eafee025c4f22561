import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import Testing

@Suite struct QueryTests {
    /// Seven invoices, the first the newest.
    private struct Seven: InvoiceReadModel {
        static let views = (0..<7).map { number in
            InvoiceView(
                id: InvoiceID(UUID()),
                terms: InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: 1),
                standing: InvoiceStanding(state: .open, total: 1),
                createdAt: Date(timeIntervalSince1970: 1_000 - Double(number)), revision: .first)
        }

        func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> InvoiceView? {
            Self.views.first { $0.id == id }
        }

        func invoices(_ ids: [InvoiceID], of tenant: TenantID) async throws -> [InvoiceView] {
            Self.views.filter { ids.contains($0.id) }
        }

        func invoices(of tenant: TenantID, after place: InvoicePlace?, limit: Int) async throws -> [InvoiceView] {
            let start = place.map { place in Self.views.firstIndex { $0.id == place.id }! + 1 } ?? 0
            return Array(Self.views[start...].prefix(limit))
        }
    }

    private func page(after place: InvoicePlace? = nil, limit: Int) async throws -> InvoicePage {
        let context = MessageContext(
            tenant: try TenantID("acme"), correlationID: "c", source: "tests", now: Date(timeIntervalSince1970: 0))
        let queries = QueryBus(progress: PositionSignal()) { InvoiceReading(readModel: Seven(), tenant: $0.tenant) }
        return try await queries.ask(FindAllInvoices(after: place, limit: limit), in: context)
    }

    @Test(arguments: [1, 2, 3, 6])
    func `pages follow one another to the end`(_ limit: Int) async throws {
        var (found, next): ([InvoiceView], InvoicePlace?) = ([], nil)
        repeat {
            let page = try await page(after: next, limit: limit)
            #expect(page.invoices.count <= limit)
            found += page.invoices
            next = page.next
        } while next != nil
        #expect(found == Seven.views)
    }

    @Test(arguments: [7, 8, 200])
    func `a page that holds the last invoice has no next one`(_ limit: Int) async throws {
        let page = try await page(limit: limit)
        #expect(page.invoices == Seven.views)
        #expect(page.next == nil)
    }
}
