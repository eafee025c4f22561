package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// What happens to the invoices of a tenant, in the order of the log, for those who follow it.
package struct InvoiceFeed: Sendable {
    private let reader: any EventReader
    private let appended: PositionSignal
    private let tenant: TenantID

    /// - Parameter appended: tells how far the log has come; what it has not told of is found, but not at once.
    package init(reading reader: any EventReader, appended: PositionSignal, of tenant: TenantID) {
        self.reader = reader
        self.appended = appended
        self.tenant = tenant
    }

    /// Where the log ends now.
    package func end() async throws -> InvoiceFeedPlace {
        async let log = reader.incarnation()
        return InvoiceFeedPlace(log: try await log, position: try await reader.head())
    }

    /// What follows a place; nothing when nothing has happened for so long.
    ///
    /// - Parameters:
    ///   - limit: the most events to return, at least 1.
    ///   - timeout: how long to wait for the first of them.
    /// - Throws: ``/EventSourcing/UndecodableEvent`` when the first of them is one that this program cannot read. Those before
    ///   one that it cannot read are a page.
    package func events(
        after place: InvoiceFeedPlace, limit: Int = 100, waitingAtMost timeout: Duration
    ) async throws -> InvoiceFeedPage {
        var place = place
        let deadline = ContinuousClock.now + timeout
        while true {
            // What was announced before the read is in it, whichever process appends meanwhile.
            let announced = appended.position
            let filter = LogFilter(tenant: tenant, categories: [.invoices])
            let records = try await reader.readLog(after: place.position, .forwards, matching: filter, limit: limit)
            let last = records.last?.position ?? place.position
            place.position = records.count == limit ? last : max(last, announced)
            let left = deadline - .now
            if !records.isEmpty || left <= .zero {
                return try InvoiceFeedPage(reading: records, end: place)
            }
            _ = try await appended.wait(until: Position(place.position.rawValue + 1), atMost: left)
        }
    }
}

/// How far somebody has followed the feed.
package struct InvoiceFeedPlace: Hashable, Sendable {
    /// Of which log: positions of one mean nothing in another.
    package let log: UUID
    package var position: Position

    package init(log: UUID, position: Position) {
        self.log = log
        self.position = position
    }
}

/// Some events, and how far they were looked for.
package struct InvoiceFeedPage: Sendable {
    package private(set) var events: [InvoiceFeedEvent] = []
    package private(set) var end: InvoiceFeedPlace

    /// - Parameter end: how far the records were looked for. The page ends before one that cannot be read.
    /// - Throws: ``/EventSourcing/UndecodableEvent`` when nothing is before it.
    fileprivate init(reading records: [RecordedEvent], end: InvoiceFeedPlace) throws {
        self.end = end
        var last: Position?
        for record in records {
            do {
                if let event = try InvoiceFeedEvent(record) { events.append(event) }
            } catch {
                guard let last else { throw error }
                self.end.position = last
                return
            }
            last = record.position
        }
    }
}

/// Something that has happened to an invoice, in the shape that events have today.
package struct InvoiceFeedEvent: Hashable, Sendable {
    package let position: Position
    package let invoice: InvoiceID
    package let revision: Revision
    /// The stored name, such as `invoices.invoice.issued.v1`.
    package let type: String
    /// By the clock of who decided it.
    package let occurredAt: Date
    /// JSON, on one line.
    package let data: EventPayload

    /// Nil for an event whose data was taken away.
    fileprivate init?(_ record: RecordedEvent) throws {
        guard let recorded = try Recorded<InvoiceEvent>(decoding: record) else { return nil }
        position = record.position
        invoice = recorded.event.invoiceId
        revision = record.revision
        type = recorded.event.name.rawValue
        occurredAt = try record.decodeMetadata().occurredAt
        data = try recorded.event.encode()
    }
}
