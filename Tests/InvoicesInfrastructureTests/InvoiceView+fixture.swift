import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import LibPQ
import Synchronization

extension InvoiceView {
    /// An invoice with such terms that was brought to a state by the events that lead there.
    ///
    /// - Parameters:
    ///   - number: 1 and more; an invoice that was issued needs one.
    ///   - issuedAt: unless it is stated, when it was created.
    static func fixture(
        _ terms: InvoiceTerms, _ state: InvoiceState, number: Int64 = 1, paid: Int64 = 0, refunded: Int64 = 0,
        createdAt: Date = Date(timeIntervalSince1970: 1_795_000_000), issuedAt: Date? = nil, revision: Int64 = 0
    ) -> InvoiceView {
        let id = InvoiceID(UUID())
        var events: [InvoiceEvent] = [
            .created(InvoiceCreated(invoiceId: id, terms: terms, createdAt: createdAt))
        ]
        if state != .draft {
            let issued = InvoiceIssued(invoiceId: id, series: .standard, issuedAt: issuedAt ?? createdAt)
            events.append(.issued(issued).numbered(number))
        }
        if paid > 0 {
            events.append(
                .paymentReceived(InvoicePaymentReceived(invoiceId: id, amount: paid, paidAt: createdAt + 1)))
        }
        if refunded > 0 {
            events.append(.refunded(InvoiceRefunded(invoiceId: id, amount: refunded, refundedAt: createdAt + 2)))
        }
        if state == .void {
            events.append(.voided(InvoiceVoided(invoiceId: id, reason: Reason("a reason")!, voidedAt: createdAt + 3)))
        }
        return InvoiceView(Invoice(folding: events).details!, revision: Revision(revision))
    }

    /// As it is stored.
    var stored: StoredInvoice {
        get throws {
            StoredInvoice(
                id: details.id, revision: revision, dueDay: details.dueDay, document: try InvoiceDocument(details))
        }
    }
}

extension PostgresClient {
    /// Writes invoices into the table `invoices`, as made in this order and after all that any test has written before.
    @discardableResult
    func save(_ invoices: [InvoiceView], of tenant: TenantID) async throws -> [InvoiceRow] {
        let rows = invoices.map { InvoiceRow($0, position: Position(lastPosition.add(1, ordering: .relaxed).newValue)) }
        let saved = rows.map { (key: InvoiceKey(tenant: tenant, invoice: $0.invoice.id), row: $0) }
        try await execute(InvoiceTable.rows.save(saved))
        return rows
    }
}

private let lastPosition = Atomic<Int64>(0)
