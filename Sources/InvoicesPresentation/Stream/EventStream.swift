import EventSourcing
import FoundationEssentials
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// The text of server-sent events.
enum EventStream {
    /// Sets the id that the listener comes back with, and makes no event there.
    static func mark(_ place: InvoiceFeedPlace) -> String { "id: \(id(of: place))\n\n" }

    /// The events of a page, or a comment; then how far they were looked for.
    static func text(of page: InvoiceFeedPage) -> ByteBuffer {
        var buffer = ByteBuffer()
        for event in page.events {
            let place = InvoiceFeedPlace(log: page.end.log, position: event.position)
            buffer.writeString("id: \(id(of: place))\nevent: \(event.type)\ndata: ")
            buffer.writeBytes(JSONWriter.bytes { $0.event(event) })
            buffer.writeString("\n\n")
        }
        if page.events.isEmpty { buffer.writeString(": still here\n") }
        if page.events.last?.position != page.end.position { buffer.writeString(mark(page.end)) }
        return buffer
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
