import EventSourcing
import HTTPConventions
import Hummingbird
import InvoicesApplication

/// Sends what happens to invoices as server-sent events (HTML Living Standard, section 9.2), for as long as somebody
/// listens.
///
/// Events are read from the log when they can be sent, so that a slow listener costs no memory. Every event has for its id
/// the place that reading goes on from: who comes back with it misses nothing, and sees nothing twice.
struct InvoiceStreamController: Sendable {
    let feed: InvoiceFeed
    /// After how long a silence there is a sign of life. It is also how a listener's going is noticed.
    let heartbeat: Duration

    func addRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.get("/invoices/stream", use: stream)
    }

    @Sendable private func stream(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        var parameters = QueryParameters(of: request)
        let isFromStart =
            parameters.value(
                "after", else: .unknownValue, expecting: "Send start for all that has ever happened.",
                read: { $0 == "start" ? true : nil }) ?? false
        try parameters.finish()
        let place = try await place(request, isFromStart: isFromStart)
        // Who is about to meet an event that cannot be read is told so, rather than sent a stream that ends.
        _ = try await feed.events(after: place, limit: 1, waitingAtMost: .zero)
        return .eventStream(from: place, first: EventStream.beginning(at: place)) { [feed, heartbeat] place in
            let page = try await feed.events(after: place, waitingAtMost: heartbeat)
            place = page.end
            return EventStream.events(of: page)
        }
    }

    /// Where to begin: after the last event that the caller has got, at the very start, or from now on.
    private func place(_ request: Request, isFromStart: Bool) async throws -> InvoiceFeedPlace {
        let end = try await feed.end()
        guard let text = request.headers[.lastEventID] else {
            return InvoiceFeedPlace(log: end.log, position: isFromStart ? .start : end.position)
        }
        guard let place = EventStream.place(in: text), place.log == end.log, place.position <= end.position else {
            throw Problem.invalidParameters([
                ProblemError(
                    .header("Last-Event-ID"), .invalidEventID,
                    """
                    Send the id of the last event as it was. One of a log that has been replaced is of no use: read the \
                    invoices anew, and leave the header out.
                    """)
            ])
        }
        return place
    }
}
