import EventSourcing
import InvoicesApplication
import InvoicesDomain

extension JSONWriter {
    /// - Parameter data: the events' own data, as JSON, in the order of the page; nil where it was redacted.
    mutating func history(_ page: InvoiceHistoryPage, data: [[UInt8]?]) {
        object { json in
            json.member("data") { $0.array(zip(page.entries, data)) { $0.entry($1.0, data: $1.1) } }
            json.member("nextAfter") { json in
                if let next = page.next { json.literal(next.description) } else { json.null() }
            }
        }
    }

    private mutating func entry(_ entry: InvoiceHistoryEntry, data: [UInt8]?) {
        let metadata = entry.metadata
        object { json in
            json.member("revision", entry.revision.rawValue)
            json.member("type", entry.type)
            json.member("number", entry.number?.description)
            json.member("occurredAt", metadata.occurredAt)
            json.member("recordedAt", entry.recordedAt)
            json.member("user", metadata.user?.id)
            json.member("source", metadata.source)
            json.member("correlationId", metadata.correlationID)
            json.member("causationId", metadata.causationID)
            json.member("data") { json in
                if let data { json.literal(data) } else { json.null() }
            }
        }
    }
}
