import EventSourcing
import HTTPConventions
import InvoicesApplication
import InvoicesDomain
import Synchronization

/// The JSON of invoices that were rendered lately, so that an invoice that has not changed is not decoded, rendered and
/// digested again.
///
/// An entry is used only for the very document and revision that it was made of, byte for byte. To decode and render takes
/// four times as long as to compare, and a page of a list has fifty invoices; see the record CostOfARequest.
final class RenderedInvoices: Sendable {
    private let rendered: Mutex<BoundedCache<InvoiceID, RenderedInvoice>>

    /// - Parameter bytes: the most bytes of documents and their JSON that are held.
    init(bytes: Int = 32 << 20) { rendered = Mutex(BoundedCache(size: bytes)) }

    /// - Parameter day: what is due before it is overdue.
    /// - Throws: what ``InvoicesApplication/StoredInvoice/view()`` throws.
    func json(of invoice: StoredInvoice, on day: CalendarDate) throws -> RenderedInvoice {
        try usable(rendered.withLock { $0.value(of: invoice.id) }, for: invoice, on: day)
    }

    /// The same for each invoice of a list, in its order.
    func json(of invoices: [StoredInvoice], on day: CalendarDate) throws -> [RenderedInvoice] {
        let known = rendered.withLock { rendered in invoices.map { rendered.value(of: $0.id) } }
        return try zip(known, invoices).map { try usable($0, for: $1, on: day) }
    }

    private func usable(
        _ known: RenderedInvoice?, for invoice: StoredInvoice, on day: CalendarDate
    ) throws -> RenderedInvoice {
        let isOverdue = invoice.isOverdue(on: day)
        if let known, known.isOverdue == isOverdue, known.invoice == invoice { return known }
        let made = try RenderedInvoice(invoice, isOverdue: isOverdue, on: day)
        rendered.withLock {
            $0.insert(made, for: invoice.id, size: invoice.document.bytes.count + made.json.count)
        }
        return made
    }
}

/// An invoice as it is answered. Most answers share the one that is held, so it is a reference.
final class RenderedInvoice: Sendable {
    fileprivate let invoice: StoredInvoice
    fileprivate let isOverdue: Bool
    /// The object `Invoice` of `openapi.yaml`.
    let json: [UInt8]
    /// The `ETag` of an answer that is this object.
    let tag: String

    fileprivate init(_ invoice: StoredInvoice, isOverdue: Bool, on day: CalendarDate) throws {
        self.invoice = invoice
        self.isOverdue = isOverdue
        let view = try invoice.view()
        json = JSONWriter.bytes { $0.invoice(view, on: day) }
        tag = EntityTag.Subject.resource(invoice.revision).tag(of: json)
    }
}
