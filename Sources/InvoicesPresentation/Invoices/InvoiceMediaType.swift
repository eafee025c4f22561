import HTTPConventions
import HTTPTypes
import Hummingbird

/// The media types that an invoice is answered in.
enum InvoiceMediaType {
    case json
    /// A page for people.
    case html

    /// What the caller would rather have.
    ///
    /// - Throws: when the caller accepts neither.
    init(preferredBy request: Request) throws(Problem) {
        guard let accepted = request.headers[.accept].map(WeightedList.init) else {
            self = .json
            return
        }
        guard ["application/json", "text/html"].contains(where: accepted.accepts(mediaType:)) else {
            throw Problem(
                .notAcceptable,
                "The answer is application/json or text/html; accept one of them, or leave the Accept header out.")
        }
        // Browsers name HTML; a program that takes anything gets JSON.
        let html = accepted.weight(of: "text/html", "text/*", "*/*") ?? 0
        self = html > accepted.weight(of: "application/json", "application/*", "*/*") ?? 0 ? .html : .json
    }
}
