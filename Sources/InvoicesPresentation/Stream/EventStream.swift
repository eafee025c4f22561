import EventSourcing
import FoundationEssentials
import HTTPConventions
import InvoicesApplication
import InvoicesDomain

/// The server-sent events of the feed of invoices.
enum EventStream {
    /// What a listener gets first: the id that it comes back with.
    static func beginning(at place: InvoiceFeedPlace) -> ServerSentEvents {
        var events = ServerSentEvents()
        events.retry(after: 1000)
        events.mark(id: id(of: place))
        return events
    }

    /// The events of a page, or a comment; then the position up to which the log was read.
    static func events(of page: InvoiceFeedPage) -> ServerSentEvents {
        var events = ServerSentEvents()
        for event in page.events {
            let place = InvoiceFeedPlace(log: page.end.log, position: event.position)
            events.event(id: id(of: place), type: event.type, data: JSONWriter.bytes { $0.event(event) })
        }
        if page.events.isEmpty { events.comment("still here") }
        if page.events.last?.position != page.end.position { events.mark(id: id(of: page.end)) }
        return events
    }

    private static func id(of place: InvoiceFeedPlace) -> String {
        OpaqueToken.text(of: .event, place.log.bytes + place.position.rawValue.bigEndianBytes)
    }

    /// Nil when the text is no id of this service.
    static func place(in text: String) -> InvoiceFeedPlace? {
        guard let payload = OpaqueToken.payload(of: .event, size: 16 + 8, in: text) else { return nil }
        return InvoiceFeedPlace(
            log: UUID(bytes: payload[..<16]), position: Position(Int64(bigEndianBytes: payload[16...])))
    }
}

extension JSONWriter {
    fileprivate mutating func event(_ event: InvoiceFeedEvent) {
        object { json in
            json.member("invoiceId", event.invoice)
            json.member("revision", event.revision.rawValue)
            json.member("type", event.type)
            json.member("occurredAt", event.occurredAt)
            json.member("data") { $0.literal(event.data.bytes) }
        }
    }
}
