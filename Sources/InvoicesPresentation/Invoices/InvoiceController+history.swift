import EventSourcing
import FoundationEssentials
import HTTPConventions
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// What has happened to an invoice, and what it was.
extension InvoiceController {
    func addHistoryRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.get("/invoices/:id/events", use: history)
    }

    @Sendable private func history(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        var parameters = QueryParameters(of: request)
        let id = InvoiceID(parameters.id(in: context))
        let limit = parameters.integer("limit", in: RequestLimits.pageSizes, default: RequestLimits.defaultPageSize)
        let after = parameters.revision("after")
        try parameters.finish()
        let page = try await histories.ask(
            FindInvoiceHistory(of: id, after: after, limit: limit), in: message(in: context),
            atLeast: request.consistencyPosition())
        guard let page else { throw InvoiceError.notFound }
        let data = try page.entries.map { try $0.event?.encode().bytes }
        return .json(tagged: .content) { $0.history(page, data: data) }
    }

    /// Answers with the invoice as it was.
    ///
    /// - Parameter day: by which it is judged what was overdue; nil for the day of the time that was asked for, if it is not
    ///   to come, and for today with a revision.
    func answer(
        _ id: InvoiceID, at moment: Moment, on day: CalendarDate?, to request: Request,
        _ context: InvoicesRequestContext
    ) async throws -> Response {
        let message = message(in: context)
        let mediaType = try InvoiceMediaType(preferredBy: request)
        let past = try await histories.ask(
            FindInvoiceAsItWas(id, at: moment, now: message.now), in: message, atLeast: request.consistencyPosition())
        guard let past else { throw Problem(.invoiceNotFound, Self.notThen) }
        let day = day ?? calendar.day(at: moment.judgementTime(now: message.now))
        switch mediaType {
        case .json:
            return .json(headers: [.vary: "Accept"], tagged: .resource(past.revision)) { $0.invoice(past, on: day) }
        case .html: return printed.answer(past, on: day)
        }
    }

    private static let notThen = """
        There was no such invoice then: it was made out later, has had no such revision yet, or does not exist. \
        GET /invoices/{id}/events tells what has happened to it, and when.
        """
}

extension Moment {
    /// By which time it is judged what was overdue, where the caller states no day.
    fileprivate func judgementTime(now: Date) -> Date {
        switch self {
        case .revision: now
        // Nothing was due before 1970, and a calendar has no day before its first year.
        case .time(let time): max(min(time, now), Date(timeIntervalSince1970: 0))
        }
    }
}

extension QueryParameters {
    /// A revision, from 0; nil when the parameter is left out or wrong.
    fileprivate mutating func revision(_ name: String) -> Revision? {
        value(
            name, else: .notARevision, expecting: "Send the revision of an event, an integer from 0.",
            read: { text in Int64(text).flatMap { $0 >= 0 && String($0) == text ? Revision($0) : nil } })
    }

    /// Times are told to the microsecond, and meant to its end: what was recorded at a time that an answer has told had
    /// happened then, however the last bits of a `Date` are rounded.
    private static let microsecond = 0.000_000_9

    /// The moment in the past that the caller asks for; nil for the present.
    mutating func moment() -> Moment? {
        let time = value(
            "at", else: .notATime, expecting: MemberFormat<Date>.time.expectation, read: RFC3339.date(from:))
        let revision = revision("revision")
        if time != nil, revision != nil {
            note(ProblemError(.parameter("revision"), .contradiction, "Send a time or a revision, not both."))
        }
        return revision.map(Moment.revision) ?? time.map { .time($0 + Self.microsecond) }
    }
}
