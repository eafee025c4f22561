import EventSourcing
import InvoicesApplication
import InvoicesDomain
import Synchronization

/// The JSON of invoices that were rendered lately, so that an invoice that has not changed is neither decoded nor rendered
/// again.
///
/// An entry serves only the very document and revision that it was made of, byte for byte. Decoding and rendering cost four times what
/// comparing does, and a page of a list has fifty of them; see the record CostOfARequest.
final class RenderedInvoices: Sendable {
    private struct Rendered {
        let revision: Revision
        let document: InvoiceDocument
        let json: [UInt8]
    }

    private let rendered: Mutex<BoundedCache<InvoiceID, Rendered>>

    /// - Parameter bytes: the most bytes of documents and their JSON that are held.
    init(bytes: Int = 32 << 20) { rendered = Mutex(BoundedCache(size: bytes)) }

    /// The object with all members but `overdue`.
    ///
    /// - Throws: what ``InvoicesApplication/StoredInvoice/view()`` throws.
    func json(of invoice: StoredInvoice) throws -> [UInt8] {
        let known = rendered.withLock { $0.value(of: invoice.id) }
        if let known, known.revision == invoice.revision, known.document == invoice.document { return known.json }
        let view = try invoice.view()
        let json = JSONWriter.bytes { $0.object { $0.members(of: view) } }
        rendered.withLock {
            $0.insert(
                Rendered(revision: invoice.revision, document: invoice.document, json: json), for: invoice.id,
                size: invoice.document.bytes.count + json.count)
        }
        return json
    }
}
