package import EventSourcing

/// What a webhook of this service receives: events of invoices, and nothing that the log has for the service itself, such as
/// the notice of a redaction with an operator's name and words.
extension WebhookEventTypes {
    /// Events of every type of invoices: what `*` stands for.
    package static let ofInvoices = WebhookEventTypes(stored: [everyPattern])

    private static let everyPattern = "invoices.*"

    /// Event types of a request.
    ///
    /// - Throws: `InvalidName` for a pattern that is none, no pattern at all, or too many.
    package init(ofInvoices patterns: [String]) throws(InvalidName) {
        try self.init(patterns.map { $0 == "*" ? Self.everyPattern : $0 })
    }
}
