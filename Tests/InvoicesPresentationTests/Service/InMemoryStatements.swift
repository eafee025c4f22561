import EventSourcing
import InvoicesApplication
import InvoicesDomain
import Synchronization

/// Statements in memory, added up from the invoices that have been appended.
final class InMemoryStatements: CustomerStatementReadModel {
    private let invoices = Mutex<[StreamName: Invoice]>([:])
    /// When set, what every read throws.
    private let failure = Mutex<(any Error)?>(nil)

    func fail(with error: (any Error)?) { failure.withLock { $0 = error } }

    func apply(_ record: RecordedEvent) throws {
        guard let recorded = try Recorded<InvoiceEvent>(decoding: record) else { return }
        invoices.withLock { $0[record.stream, default: Invoice()].evolve(recorded.event) }
    }

    func statement(
        of customer: CustomerID, of tenant: TenantID, on day: CalendarDate
    ) async throws -> CustomerStatement {
        try failure.withLock { if let error = $0 { throw error } }
        let found = invoices.withLock { invoices in
            invoices.filter { $0.key.tenant == tenant && [.open, .closed].contains($0.value.standing.state) }
                .compactMap { $0.value.terms?.customerId == customer ? $0.value : nil }
        }
        let balances = Dictionary(grouping: found) { $0.terms?.currency ?? "" }.sorted { $0.key < $1.key }
            .map { code, invoices in
                let open = invoices.filter { $0.standing.state == .open }
                return CustomerStatement.Balance(
                    currency: Currency(code: code)!, open: Self.total(open, \.due),
                    overdue: Self.total(open.filter { $0.isOverdue(on: day) }, \.due),
                    paid: Self.total(invoices.filter { $0.standing.kept > 0 }, \.kept))
            }
        return CustomerStatement(customer: customer, day: day, balances: balances)
    }

    private static func total(
        _ invoices: [Invoice], _ amount: KeyPath<InvoiceStanding, Int64>
    ) -> CustomerStatement.Total {
        CustomerStatement.Total(
            invoices: Int64(invoices.count), amount: invoices.reduce(0) { $0 + $1.standing[keyPath: amount] })
    }
}
