import ArgumentParser
import EventSourcing
import EventSourcingPostgres
import FoundationEssentials

extension ProjectionsCommand {
    /// `invoices projections parked`
    struct Parked: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "parked",
            abstract: "The events that a projection has put aside, in the order of the log, and why.",
            discussion: """
                An event that cannot be applied is parked; the later events of its stream wait behind it, and all other \
                streams go on. Mend the cause, then have the stream tried again with "retry", or give the event up with \
                "skip".
                """)

        @Argument(help: "The name of the projection.")
        var projection: String

        @Option(help: "Begin behind this position of the log.")
        var after: Int64 = 0

        @Option(help: "The most events to print.")
        var limit = 100

        @Flag(help: "Print also the events that were skipped.")
        var skipped = false

        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
        }

        func run() async throws {
            try await options.administer { administration in
                var found: [ParkedEventReport] = []
                try await administration.forEachParkedEvent(of: projection, after: Position(after)) { event in
                    if skipped || event.skip == nil { found.append(ParkedEventReport(event)) }
                    return found.count <= limit
                }
                let report = ParkedEventsReport(
                    projection: projection, events: Array(found.prefix(limit)), hasMore: found.count > limit)
                try options.show(report) { report.text }
            }
        }
    }
}

extension Administration {
    /// Hands out the parked and skipped events of a projection in the order of the log, while `body` wants more.
    ///
    /// - Throws: ``Failure`` when there is no such projection.
    func forEachParkedEvent(
        of projection: String, after start: Position = .start, _ body: (ParkedEventStatus) -> Bool
    ) async throws {
        _ = try await self.projection(projection)
        var start = start
        while true {
            let page = try await projections { try await $0.parkedEvents(of: projection, after: start, limit: 1_000) }
            for event in page where !body(event) { return }
            guard page.count == 1_000, let last = page.last else { return }
            start = last.position
        }
    }
}

/// Parked events: the document of `invoices projections parked`.
struct ParkedEventsReport: Encodable {
    let projection: String
    let events: [ParkedEventReport]
    /// There are more behind the last one.
    let hasMore: Bool

    var text: String {
        guard let last = events.last else { return "Projection \(projection) has parked no events." }
        var table = TextTable(" POSITION", "STREAM", "TYPE", "STATE", " TRIES", "SINCE", "WHY")
        for event in events {
            table.add(
                "\(event.position)", event.stream, event.type, event.state.rawValue, "\(event.attempts)",
                event.parkedAt.spoken(), event.skipped?.reason ?? event.reason ?? "")
        }
        return table.text + (hasMore ? "\nThere are more: --after \(last.position)" : "")
    }
}

struct ParkedEventReport: Encodable {
    enum State: String, Encodable {
        case failed
        /// It is behind one of its stream that failed.
        case waits
        case toBeRetried = "to be retried"
        case skipped
    }

    let position: Int64
    let stream: String
    let eventID: String
    let type: String
    let state: State
    let attempts: Int
    let parkedAt: Date
    let reason: String?
    let skipped: ProjectionReport.Since?

    init(_ event: ParkedEventStatus) {
        position = event.position.rawValue
        stream = event.stream.rawValue
        eventID = event.eventID.text
        type = event.type
        attempts = event.attempts
        parkedAt = event.parkedAt
        reason = event.reason
        skipped = event.skip.map(ProjectionReport.Since.init)
        state =
            if event.skip != nil {
                .skipped
            } else if event.isToBeRetried {
                .toBeRetried
            } else {
                event.reason == nil ? .waits : .failed
            }
    }
}
