package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain
package import LibPQ

/// Reads invoices from the read database.
package struct PostgresInvoiceReadModel: InvoiceReadModel {
    let client: PostgresClient
    private let form: InvoiceDocumentForm
    private let recent: RecentDocuments?

    /// - Parameters:
    ///   - form: in which documents are read; those that are kept in another one are written anew.
    ///   - recent: what a projection of this process has written last.
    package init(_ client: PostgresClient, documents form: InvoiceDocumentForm, recent: RecentDocuments? = nil) {
        self.client = client
        self.form = form
        self.recent = recent
    }

    /// $1 tenant, $2 id
    private static let find = PostgresStatement(
        "select \(InvoiceRow.columns) from invoices where tenant = $1 and id = $2")

    package func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> InvoiceView? {
        let rows = try await client.query(Self.find, tenant.rawValue, id.rawValue)
        return try rows.first.map { try InvoiceRow.view($0) }
    }
}

// MARK: - Documents

extension PostgresInvoiceReadModel {
    /// $1 tenant, $2 id, $3 the form
    private static let findDocument = PostgresStatement(
        "select \(InvoiceDocumentRow.columns(form: "$3")) from invoices where tenant = $1 and id = $2")

    package func document(
        of id: InvoiceID, of tenant: TenantID, atLeast revision: Revision?
    ) async throws -> InvoiceDocument? {
        let key = InvoiceKey(tenant: tenant, invoice: id)
        if let revision, let known = recent?.document(of: key, atLeast: revision) { return known }
        let rows = try await client.query(Self.findDocument, tenant.rawValue, id.rawValue, Int32(form.version))
        guard let row = rows.first else { return nil }
        var columns = row.columns
        switch try InvoiceDocumentRow.read(&columns) {
        case .document(let document): return document
        case .missing: return try await invoice(id, of: tenant).map { InvoiceDocument($0, in: form) }
        }
    }

    /// Those with a value in the order come first, then those without: two statements at most, each of which reads an
    /// index from where the page begins.
    package func documents(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> [ListedInvoice] {
        let selection = InvoiceSelection(tenant: tenant, filter: filter, form: form.version)
        var (place, isReversed): (InvoicePlace?, Bool) =
            switch edge {
            case .after(let place): (place, false)
            case .before(let place): (place, true)
            case nil: (nil, false)
            }
        var segments: [InvoiceSelection.Segment] = order.key.isOptional ? [.valued, .valueless] : [.valued]
        if isReversed { segments.reverse() }
        if let place { segments = Array(segments.drop { $0 != (place.value == nil ? .valueless : .valued) }) }
        var found: [ListedInvoice] = []
        for segment in segments where found.count < limit {
            let statement = selection.page(of: segment, in: order, isReversed: isReversed, after: place, limit: limit)
            let rows = try await selection.run(statement, on: client, after: place, limit: limit - found.count)
            let missing = try InvoiceSelection.add(rows, in: order, to: &found)
            if !missing.isEmpty { try await write(missing, of: tenant, into: &found) }
            place = nil
        }
        return found
    }

    /// Writes the documents of invoices of which none can be used that is kept. One that has gone meanwhile is left out.
    ///
    /// - Parameter missing: of the invoices, and where they belong among those that are found.
    private func write(
        _ missing: [(place: InvoicePlace, index: Int)], of tenant: TenantID, into found: inout [ListedInvoice]
    ) async throws {
        let views = try await invoices(missing.map(\.place.id), of: tenant)
        let written = Dictionary(uniqueKeysWithValues: views.map { ($0.id, InvoiceDocument($0, in: form)) })
        for (place, index) in missing.reversed() {
            guard let document = written[place.id] else { continue }
            found.insert(ListedInvoice(document, at: place), at: index)
        }
    }

    package func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64 {
        let selection = InvoiceSelection(tenant: tenant, filter: filter, form: form.version)
        return try await selection.run(selection.count, on: client).first?.decode(Int64.self) ?? 0
    }
}
