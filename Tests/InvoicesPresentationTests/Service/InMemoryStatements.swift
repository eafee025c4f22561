import EventSourcing
import InvoicesApplication
import InvoicesDomain
import Synchronization

/// Statements in memory, added up from the invoices that have been appended.
final class InMemoryStatements: CustomerStatementReadModel {
    private struct Entry {
        let tenant: TenantID
        let created: InvoiceCreated
        var isPaid = false
    }

    private let entries = Mutex<[StreamName: Entry]>([:])
    /// When set, what every read throws.
    private let failure = Mutex<(any Error)?>(nil)

    func fail(with error: (any Error)?) { failure.withLock { $0 = error } }

    func apply(_ record: RecordedEvent) throws {
        guard let recorded = try Recorded<InvoiceEvent>(decoding: record) else { return }
        entries.withLock { entries in
            switch recorded.event {
            case .created(let created): entries[record.stream] = Entry(tenant: record.tenant, created: created)
            case .paid: entries[record.stream]?.isPaid = true
            }
        }
    }

    func statement(
        of customer: CustomerID, of tenant: TenantID, on day: CalendarDate
    ) async throws -> CustomerStatement {
        try failure.withLock { if let error = $0 { throw error } }
        let found = entries.withLock { entries in
            entries.values.filter { $0.tenant == tenant && $0.created.customerId == customer }
        }
        let balances = Dictionary(grouping: found, by: \.created.currency).sorted { $0.key < $1.key }
            .map { code, entries in
                let open = entries.filter { !$0.isPaid }
                return CustomerStatement.Balance(
                    currency: Currency(code: code)!, open: Self.total(open),
                    overdue: Self.total(open.filter { $0.created.dueDate.map { $0 < day } ?? false }),
                    paid: Self.total(entries.filter(\.isPaid)))
            }
        return CustomerStatement(customer: customer, day: day, balances: balances)
    }

    private static func total(_ entries: [Entry]) -> CustomerStatement.Total {
        CustomerStatement.Total(invoices: Int64(entries.count), amount: entries.map(\.created.amount).reduce(0, +))
    }
}
