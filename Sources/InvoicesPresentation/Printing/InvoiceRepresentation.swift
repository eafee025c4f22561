import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// Answers an invoice in the media type that the caller would rather have: JSON, or a page of HTML.
struct InvoiceRepresentation: Sendable {
    private let printed: PrintedInvoice

    init() throws { printed = try PrintedInvoice() }

    /// - Parameter day: what is due before it is overdue.
    /// - Throws: when the caller accepts neither.
    func answer(_ invoice: InvoiceView, to request: Request, on day: CalendarDate) throws(Problem) -> Response {
        let accepted = request.headers[.accept].map(WeightedList.init)
        if let accepted, !["application/json", "text/html"].contains(where: accepted.accepts(mediaType:)) {
            throw Problem(
                .notAcceptable,
                "The answer is application/json or text/html; accept one of them, or leave the Accept header out.")
        }
        let tag = EntityTag.text(for: invoice.revision)
        guard Self.prefersHTML(accepted) else {
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
    private static func prefersHTML(_ accepted: WeightedList?) -> Bool {
        guard let accepted else { return false }
        let html = accepted.weight(of: "text/html", "text/*", "*/*") ?? 0
        return html > accepted.weight(of: "application/json", "application/*", "*/*") ?? 0
    }
}
