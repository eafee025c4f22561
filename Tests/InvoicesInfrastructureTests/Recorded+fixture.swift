import EventSourcing
import FoundationEssentials
import InvoicesDomain
import Testing

extension Recorded<InvoiceEvent> {
    /// An event as a store would have recorded it.
    ///
    /// - Parameters:
    ///   - index: its place in the stream, from 0.
    ///   - number: what the store gives an event that belongs to a sequence.
    static func fixture(
        _ event: InvoiceEvent, of invoice: InvoiceID, tenant: String = "acme", index: Int, number: Int64?, at time: Date
    ) throws -> Recorded<InvoiceEvent> {
        let metadata = EventMetadata(correlationID: "c", causationID: "c", source: "tests", occurredAt: time)
        let record = RecordedEvent(
            position: Position(Int64(index + 1)), stream: try StreamName("invoices.invoice.v1-\(tenant)-\(invoice)"),
            revision: Revision(Int64(index)), id: .v7(), type: try EventType(event.name.rawValue),
            data: try event.encode(), metadata: try EventPayload(encoding: metadata), recordedAt: time,
            number: event.sequence == nil ? nil : number)
        return try #require(try Recorded(decoding: record))
    }
}
