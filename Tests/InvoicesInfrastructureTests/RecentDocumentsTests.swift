import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import Testing

@testable import InvoicesInfrastructure

@Suite struct RecentDocumentsTests {
    let tenant: TenantID

    init() throws { tenant = try TenantID("acme") }

    private func key() -> InvoiceKey { InvoiceKey(tenant: tenant, invoice: InvoiceID(UUID())) }

    private func document(_ key: InvoiceKey, _ revision: Int64) -> InvoiceDocument {
        InvoiceDocument(id: key.invoice, revision: Revision(revision), dueDay: nil, text: "at \(revision)")
    }

    @Test func `what was written is found by who asks for that revision or an earlier one`() {
        let (recent, key) = (RecentDocuments(), key())
        recent.keep([(key, document(key, 3))])
        #expect(recent.document(of: key, atLeast: Revision(3)) == document(key, 3))
        #expect(recent.document(of: key, atLeast: Revision(1)) == document(key, 3))
        #expect(recent.document(of: key, atLeast: Revision(4)) == nil)
        #expect(recent.document(of: self.key(), atLeast: Revision(0)) == nil)
    }

    @Test func `only the last ones are kept, an invoice that was written again for as long as a new one`() {
        let (recent, keys) = (RecentDocuments(limit: 3), (0..<4).map { _ in key() })
        recent.keep(keys.prefix(3).map { ($0, document($0, 0)) })
        recent.keep([(keys[0], document(keys[0], 1))])
        #expect(keys.map { recent.document(of: $0, atLeast: .first) != nil } == [true, true, true, false])
        recent.keep([(keys[3], document(keys[3], 0))])
        #expect(keys.map { recent.document(of: $0, atLeast: .first) != nil } == [true, false, true, true])
        recent.keep((0..<3).map { _ in key() }.map { ($0, document($0, 0)) })
        #expect(keys.allSatisfy { recent.document(of: $0, atLeast: .first) == nil })
    }
}
