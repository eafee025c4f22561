package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// What a query of histories may reach: the events of one tenant's invoices, and nothing that could append to them.
///
/// A history is read from the event store, through its reading half, and not from a read model. The events are the
/// history: a table of them would be a second copy of everything that was ever said, written for what is read seldom, and
/// one more place that redaction has to reach. Nor is it ever behind.
package struct InvoiceHistoryReading: Sendable {
    package let events: any EventReader
    package let tenant: TenantID

    package init(events: any EventReader, tenant: TenantID) {
        self.events = events
        self.tenant = tenant
    }
}

/// One thing that has happened to an invoice: what, when, and on whose behalf.
package struct InvoiceHistoryEntry: Hashable, Sendable {
    package let revision: Revision
    /// The stored name of what has happened: of the event's present shape, or of the stored one when it was redacted.
    package let type: String
    /// The event in its present shape; nil when it was redacted.
    package let event: InvoiceEvent?
    /// The number that the event gave the invoice; nil for all others.
    package let number: InvoiceNumber?
    /// When the event store wrote it.
    package let recordedAt: Date
    /// On whose behalf it happened, when, and what it belongs to.
    package let metadata: EventMetadata

    /// - Throws: ``/EventSourcing/UndecodableEvent`` and ``UnreadableInvoice``.
    init(_ record: RecordedEvent) throws {
        let recorded = try Recorded<InvoiceEvent>(decoding: record)
        revision = record.revision
        type = recorded?.event.name.rawValue ?? record.type.rawValue
        event = recorded?.event
        recordedAt = record.recordedAt
        try event?.requireReadable()
        metadata = try record.decodeMetadata()
        number = recorded?.event.invoiceNumber
    }
}
