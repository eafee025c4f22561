import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// Answers an invoice in the media type that the caller would rather have: JSON, or a page of HTML.
struct InvoiceRepresentation: Sendable {
    private let printed: PrintedInvoice

    init() throws { printed = try PrintedInvoice() }

    /// - Parameter day: what is due before it is overdue.
    func answer(_ invoice: InvoiceView, to request: Request, on day: CalendarDate) -> Response {
        let tag = EntityTag.text(for: invoice.revision)
        guard Self.prefersHTML(request) else {
            return .json(headers: [.eTag: tag, .vary: "Accept"]) { $0.invoice(invoice, on: day) }
        }
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .eTag: EntityTag.printed(tag), .vary: "Accept",
            // The page needs nothing from anywhere, and runs nothing.
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'",
        ]
        return Response(
            status: .ok, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: printed.html(invoice, on: day))))
    }

    /// Browsers name HTML; a program that takes anything gets JSON.
    private static func prefersHTML(_ request: Request) -> Bool {
        guard let accepted = request.headers[.accept].map(WeightedList.init) else { return false }
        let html = accepted.weight(of: "text/html", "text/*", "*/*") ?? 0
        return html > accepted.weight(of: "application/json", "application/*", "*/*") ?? 0
    }
}
