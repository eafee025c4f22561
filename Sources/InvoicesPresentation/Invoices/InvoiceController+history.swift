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
        return .json { $0.history(page, data: data) }
    }

    /// Answers with the invoice as it was.
    func answer(
        _ id: InvoiceID, at moment: Moment, to request: Request, _ context: InvoicesRequestContext
    ) async throws -> Response {
        let message = message(in: context)
        let mediaType = try InvoiceMediaType(preferredBy: request)
        let past = try await histories.ask(
            FindInvoiceAsItWas(id, at: moment), in: message, atLeast: request.consistencyPosition())
        guard let past else { throw Problem(.invoiceNotFound, Self.notThen) }
        let day = CalendarDate(inUTC: past.day(at: moment, now: message.now))
        switch mediaType {
        case .json:
            let headers: HTTPFields = [.vary: "Accept", .eTag: EntityTag.text(for: past.invoice.revision)]
            return .json(headers: headers) { $0.invoice(past.invoice, on: day) }
        case .html: return printed.answer(past.invoice, on: day)
        }
    }

    private static let notThen = """
        There was no such invoice then: it was made out later, has had no such revision yet, or does not exist. \
        GET /invoices/{id}/events tells what has happened to it, and when.
        """
}

extension PastInvoice {
    /// By which time it is judged whether the invoice was overdue: that which was asked for, if it is not to come.
    fileprivate func day(at moment: Moment, now: Date) -> Date {
        switch moment {
        case .revision: recordedAt
        case .time(let time): min(time, now)
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
