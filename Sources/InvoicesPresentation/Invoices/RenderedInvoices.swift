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
    private struct Entry {
        let revision: Revision
        let document: InvoiceDocument
        let json: [UInt8]

        var size: Int { document.bytes.count + json.count }
    }

    /// The younger generation takes new entries until it is full; then the older one is dropped.
    private struct Generations {
        var young: [InvoiceID: Entry] = [:]
        var old: [InvoiceID: Entry] = [:]
        var bytes = 0
    }

    private let generations = Mutex(Generations())
    private let generationBytes: Int

    /// - Parameter bytes: the most bytes of documents and their JSON that are held.
    init(bytes: Int = 32 << 20) { generationBytes = bytes / 2 }

    /// The object with all members but `overdue`.
    ///
    /// - Throws: what ``InvoicesApplication/StoredInvoice/view()`` throws.
    func json(of invoice: StoredInvoice) throws -> [UInt8] {
        let known = generations.withLock { generations -> Entry? in
            if let entry = generations.young[invoice.id] { return entry }
            guard let entry = generations.old.removeValue(forKey: invoice.id) else { return nil }
            insert(entry, for: invoice.id, into: &generations)
            return entry
        }
        if let known, known.revision == invoice.revision, known.document == invoice.document { return known.json }
        let view = try invoice.view()
        let json = JSONWriter.bytes { $0.object { $0.members(of: view) } }
        let entry = Entry(revision: invoice.revision, document: invoice.document, json: json)
        generations.withLock { insert(entry, for: invoice.id, into: &$0) }
        return json
    }

    private func insert(_ entry: Entry, for id: InvoiceID, into generations: inout Generations) {
        if let old = generations.young.updateValue(entry, forKey: id) { generations.bytes -= old.size }
        generations.bytes += entry.size
        guard generations.bytes > generationBytes else { return }
        generations.old = generations.young
        generations.young = [:]
        generations.bytes = 0
    }
}
