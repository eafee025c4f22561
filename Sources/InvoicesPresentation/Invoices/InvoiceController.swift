import EventSourcing
import FoundationEssentials
import HTTPConventions
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain
import Logging

/// Reads requests into commands and queries, and writes what they answer.
struct InvoiceController: Sendable {
    let commands: CommandBus<Invoicing>
    let queries: QueryBus<InvoiceReading>
    let histories: QueryBus<InvoiceHistoryReading>
    let tenant: TenantID
    let defaultCurrency: Currency
    let printed: PrintedInvoice
    let now: @Sendable () -> Date
    let makeID: @Sendable () -> UUID

    func addRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.post("/invoices", use: create)
        group.get("/invoices/:id", use: find)
        group.post("/invoices/:id/pay", use: pay)
        addActionRoutes(to: group)
        addHistoryRoutes(to: group)
        addBatchRoutes(to: group)
    }

    @Sendable private func create(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try QueryParameters(of: request).finish()
        guard let body = try await request.json() else {
            throw Problem(.malformedJSON, "The body is empty. Send an object with at least customerId and amount.")
        }
        let invoice = try NewInvoice(body, id: InvoiceID(makeID()), defaultCurrency: defaultCurrency)
        let message = message(in: context)
        let commit = try await commands.send(CreateInvoice(invoice), in: message)
        return try await answer(.created, commit, in: message, headers: [.location: "/invoices/\(commit.invoice)"])
    }

    @Sendable private func find(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        var parameters = QueryParameters(of: request)
        let id = InvoiceID(parameters.id(in: context))
        let moment = parameters.moment()
        try parameters.finish()
        if let moment { return try await answer(id, at: moment, to: request, context) }
        let (message, position) = (message(in: context), try request.consistencyPosition())
        switch try InvoiceMediaType(preferredBy: request) {
        case .json:
            let invoice = try await queries.ask(FindInvoiceDocument(id), in: message, atLeast: position)
            guard let invoice else { throw InvoiceError.notFound }
            return .json(invoice, headers: [.vary: "Accept"], on: message.day)
        case .html:
            let invoice = try await queries.ask(FindInvoiceByID(id), in: message, atLeast: position)
            guard let invoice else { throw InvoiceError.notFound }
            return printed.answer(invoice, on: message.day)
        }
    }

    @Sendable private func pay(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(on: request, in: context) { body in
            try body?.given.map { try Payment($0) } ?? Payment()
        } by: {
            PayInvoice($0, $1, expecting: $2)
        }
    }

    func message(in context: InvoicesRequestContext) -> MessageContext {
        context.message(for: tenant, at: now())
    }
}

extension InvoiceController {
    /// Answers a write with the invoice as it is now; with 202 when reads cannot show it in time.
    ///
    /// A write with a key is answered with the invoice as the write has left it, for so it can be answered whenever it
    /// comes again. Only the 202 is of the moment: a repetition says whether reads show the write *now*.
    ///
    /// What is stored is stored: whatever goes wrong from here on must not look like a failed write, or the caller
    /// would write again.
    func answer(
        _ status: HTTPResponse.Status, _ commit: InvoiceCommit, in message: MessageContext, headers: HTTPFields
    ) async throws -> Response {
        var headers = headers
        headers[.consistencyToken] = ConsistencyToken.text(for: commit.position)
        if commit.isRepetition { headers[.idempotencyReplayed] = "true" }
        if let invoice = await document(of: commit, in: message) {
            return .json(invoice, status, headers: headers, on: CalendarDate(inUTC: commit.decidedAt))
        }
        guard let revision = commit.revision else { throw InvoiceError.notFound }
        headers[.location] = "/invoices/\(commit.invoice)"
        headers[.eTag] = EntityTag.text(for: revision)
        headers[.retryAfter] = "1"
        return .json(.accepted, headers: headers) { json in
            json.object { json in
                json.member("id", commit.invoice)
                json.member("revision", revision.rawValue)
                json.member("detail", Self.accepted)
            }
        }
    }

    private static let accepted =
        "The write is stored, and reads will show it soon. Do not repeat it; read the invoice a little later."

    /// The invoice as it is read after the commit, or as a command with a key has left it; nil when it cannot be read in
    /// time.
    private func document(of commit: InvoiceCommit, in message: MessageContext) async -> InvoiceDocument? {
        do {
            let present = try await queries.ask(
                FindInvoiceDocument(commit.invoice, atLeast: commit.revision), in: message, atLeast: commit.position)
            // What is kept of the past costs a read of its own, and is asked for only when there has been more since.
            guard message.command != nil, let revision = commit.revision, present?.revision != revision else {
                return present
            }
            return try await view(of: commit.invoice, at: revision, in: message).map { InvoiceDocument($0, in: .json) }
        } catch {
            Logger.current.warning("Stored a write that cannot be read yet", metadata: ["error": "\(error)"])
            return nil
        }
    }
}

extension InvoiceController {
    /// The invoice as an event had left it.
    func view(of invoice: InvoiceID, at revision: Revision, in message: MessageContext) async throws -> InvoiceView? {
        try await histories.ask(FindInvoiceAsItWas(invoice, at: .revision(revision)), in: message)?.invoice
    }
}

extension Response {
    /// An answer with an invoice and its entity tag.
    ///
    /// - Parameter day: what is due before it is overdue.
    fileprivate static func json(
        _ invoice: InvoiceDocument, _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:],
        on day: CalendarDate
    ) -> Response {
        var headers = headers
        headers[.eTag] = EntityTag.text(for: invoice.revision)
        return json(status, headers: headers) { $0.invoice(invoice, on: day) }
    }
}

extension MessageContext {
    /// The day that it is in UTC: what was due before it is overdue.
    var day: CalendarDate { CalendarDate(inUTC: now) }
}
