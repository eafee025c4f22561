import EventSourcing
import FoundationEssentials

/// How sinks are doing: the document of `invoices outbox list` and `status`.
struct OutboxReport: Encodable {
    let sinks: [SinkReport]

    /// A line for each sink.
    var list: String {
        guard !sinks.isEmpty else { return "There is no sink: nothing leaves this event store." }
        var table = TextTable(
            "SINK", "TENANT", "STATE", " BEHIND", " PENDING", " FAILED", " PUBLISHED", " RELAYS", "OLDEST")
        for sink in sinks {
            table.add(
                sink.name, sink.tenant ?? "all", sink.stopped == nil ? "running" : "stopped", "\(sink.behind)",
                "\(sink.pending)", "\(sink.failed)", "\(sink.published)", "\(sink.relays.count)",
                sink.oldest.map { $0.recordedAt.spoken() } ?? "")
        }
        return table.text
    }

    /// Everything about each of them.
    var details: String { sinks.isEmpty ? list : sinks.map(\.details).joined(separator: "\n\n") }
}

/// How a sink is doing. What does not apply is left out of the document.
struct SinkReport: Encodable {
    let name: String
    /// Left out: the events of all tenants.
    let tenant: String?
    /// Events of the log, of whatever kind, that no relay has looked at yet.
    let behind: Int64
    /// Those that a relay has looked at, and the sink has not got yet.
    let pending: Int
    let failed: Int
    /// What the sink has got, or was skipped.
    let published: Int64
    /// The oldest event that has still to be sent.
    let oldest: OutboxRecordReport?
    /// With the number of events in their hands.
    let relays: [String: Int]
    let stopped: SubscriptionReport.Stop?

    init(_ info: SubscriptionInfo, oldest: OutboxRecord?) {
        name = info.id.name
        tenant = info.id.tenant?.rawValue
        behind = info.lag
        pending = info.pending
        failed = info.parked
        published = info.settled
        self.oldest = oldest.map(OutboxRecordReport.init)
        relays = info.consumers
        stopped = info.stopped.map { SubscriptionReport.Stop(since: $0.since, reason: $0.reason) }
    }

    fileprivate var details: String {
        var lines = ["\(name), events of \(tenant.map { "tenant \($0)" } ?? "all tenants")"]
        if let stopped { lines.append("  stopped    since \(stopped.since.spoken()): \(stopped.reason)") }
        lines.append("  behind     \(behind == 1 ? "1 event" : "\(behind) events")")
        lines.append("  pending    \(pending)")
        lines.append("  failed     \(failed)\(failed > 0 ? ": see \"invoices outbox failed \(name)\"" : "")")
        lines.append("  published  \(published)")
        if let oldest {
            lines.append(
                "  oldest     position \(oldest.position), \(oldest.type), recorded \(oldest.recordedAt.spoken())")
            if let error = oldest.lastError {
                lines.append("             after \(oldest.attempts) attempts, the last error: \(error)")
            } else {
                lines.append("             no error is recorded; whether the sink can be reached: see /health/ready")
            }
        }
        if relays.isEmpty { lines.append("  relays     none has asked lately") }
        for (relay, events) in relays.sorted(by: { $0.key < $1.key }) {
            lines.append("  relay      \(relay), with \(events) events in hand")
        }
        return lines.joined(separator: "\n")
    }
}

extension SubscriptionInfo {
    /// Messages that were drawn and not settled, without those that were put aside.
    var pending: Int { waiting + inFlight + retrying + held }
}

/// An event on its way to a sink.
struct OutboxRecordReport: Encodable {
    let position: Int64
    let eventID: String
    let type: String
    let attempts: Int
    let recordedAt: Date
    let updatedAt: Date
    let lastError: String?

    init(_ record: OutboxRecord) {
        position = record.id.rawValue
        eventID = record.eventID.text
        type = record.type.rawValue
        attempts = record.attempts
        recordedAt = record.createdAt
        updatedAt = record.updatedAt
        lastError = record.lastError
    }
}

/// The document of `invoices outbox failed`.
struct FailedRecordsReport: Encodable {
    let sink: String
    let events: [OutboxRecordReport]
    /// There are more behind the last one.
    let hasMore: Bool

    var text: String {
        guard let last = events.last else {
            return "Every event that was sent to \(sink) has arrived, or will be tried again."
        }
        var table = TextTable(" POSITION", "EVENT", "TYPE", " TRIES", "SINCE", "WHY")
        for event in events {
            table.add(
                "\(event.position)", event.eventID, event.type, "\(event.attempts)", event.updatedAt.spoken(),
                event.lastError ?? "")
        }
        return table.text + (hasMore ? "\nThere are more: --after \(last.position)" : "")
    }
}
