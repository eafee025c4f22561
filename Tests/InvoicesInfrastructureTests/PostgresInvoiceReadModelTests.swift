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

    private func view(
        _ number: Int, createdAt seconds: Double? = nil, dueDate: String? = nil, reference: String? = nil,
        paidAt: Date? = nil
    ) -> InvoiceView {
        InvoiceView(
            id: InvoiceID(UUID()), customer: CustomerID(UUID()),
            total: Money(minorUnits: Int64(number), currency: .euro), status: paidAt == nil ? .open : .paid,
            reference: reference, dueDate: dueDate.flatMap { CalendarDate($0) },
            createdAt: Date(timeIntervalSince1970: seconds ?? Double(number)), paidAt: paidAt,
            revision: Revision(paidAt == nil ? 0 : 1))
    }

    private func withReadModel(
        holding views: [InvoiceView], _ body: (PostgresInvoiceReadModel) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { client in
            let rows = views.map { (key: InvoiceKey(tenant: tenant, invoice: $0.id), row: $0) }
            try await client.transaction { try await InvoiceTable().save(rows, in: $0) }
            try await body(PostgresInvoiceReadModel(client))
        }
    }

    @Test func `an invoice comes back as it was written, with and without its optional parts`() async throws {
        let full = view(
            1250, createdAt: 1_795_000_000.123456, dueDate: "2028-02-29", reference: "Größe – 7",
            paidAt: Date(timeIntervalSince1970: 1_795_086_400.000001))
        let plain = view(1)
        try await withReadModel(holding: [full, plain]) { readModel async throws in
            #expect(try await readModel.invoice(full.id, of: tenant) == full)
            #expect(try await readModel.invoice(plain.id, of: tenant) == plain)
            #expect(try await readModel.invoice(InvoiceID(UUID()), of: tenant) == nil)
        }
    }

    @Test func `invoices come newest first and page by page, those of one moment by id`() async throws {
        let views = (1...9).map { view($0, createdAt: Double($0 / 3)) }
        let expected = views.sorted {
            ($0.createdAt, $0.id.description) > ($1.createdAt, $1.id.description)
        }
        try await withReadModel(holding: views) { readModel async throws in
            var (found, place): ([InvoiceView], InvoicePlace?) = ([], nil)
            repeat {
                let page = try await readModel.invoices(of: tenant, after: place, limit: 2)
                found += page
                place = page.last.map { InvoicePlace(createdAt: $0.createdAt, id: $0.id) }
            } while place != nil
            #expect(found == expected)
        }
    }

    @Test func `no tenant sees the invoices of another`() async throws {
        let invoice = view(1)
        try await withReadModel(holding: [invoice]) { readModel async throws in
            #expect(try await readModel.invoice(invoice.id, of: other) == nil)
            #expect(try await readModel.invoices(of: other, after: nil, limit: 10).isEmpty)
        }
    }
}
