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
    let defaultRoundingRule: RoundingRule
    let calendar: BusinessCalendar
    let printed: PrintedInvoice
    let rendered: RenderedInvoices
    let makeID: @Sendable () -> UUID

    func addRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.post("/invoices", use: create)
        group.get("/invoices/:id", use: find)
        addActionRoutes(to: group)
        addHistoryRoutes(to: group)
        addBatchRoutes(to: group)
    }

    @Sendable private func create(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        var parameters = QueryParameters(of: request)
        let day = parameters.judgementDay()
        try parameters.finish()
        guard let body = try await request.json() else {
            throw Problem(.malformedJSON, "The body is empty. Send an object with at least customerId and amount.")
        }
        let (invoice, meaning) = try ObjectReader.read(body, collectingMeaning: context.idempotencyKey != nil) {
            newInvoice(&$0)
        }
        let message = try message(of: request, meaning: meaning, in: context)
        let commit = try await commands.send(CreateInvoice(invoice), in: message)
        return await answer(
            .created, commit, to: request, on: day, headers: [.location: "/invoices/\(commit.invoice.details.id)"])
    }

    @Sendable private func find(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        var parameters = QueryParameters(of: request)
        let id = InvoiceID(parameters.id(in: context))
        let moment = parameters.moment()
        let stated = parameters.judgementDay()
        try parameters.finish()
        if let moment { return try await answer(id, at: moment, on: stated, to: request, context) }
        let message = message(in: context)
        let mediaType = try InvoiceMediaType(preferredBy: request)
        let found: StoredInvoice?
        do {
            found = try await queries.ask(FindInvoice(id), in: message, atLeast: request.consistencyPosition())
        } catch is InvoiceSetAside {
            // The events say what all other requests on the invoice say: what it is, or that it cannot be read.
            return try await answer(id, at: .time(.distantFuture), on: stated, to: request, context)
        }
        guard let invoice = found else { throw InvoiceError.notFound }
        let day = stated ?? calendar.day(at: message.now)
        switch mediaType {
        case .json:
            let answer = try rendered.json(of: invoice, on: day)
            return .json(answer.json, headers: [.vary: "Accept", .eTag: answer.tag])
        case .html: return printed.answer(try invoice.view(), on: day)
        }
    }

    /// Reads a new invoice, and makes its id.
    func newInvoice(_ body: inout ObjectReader) -> NewInvoice? {
        NewInvoice(
            &body, id: InvoiceID(makeID()), defaultCurrency: defaultCurrency, defaultRoundingRule: defaultRoundingRule)
    }

    /// The context of a query.
    func message(in context: InvoicesRequestContext) -> MessageContext { context.message(for: tenant) }

    /// The context of a command.
    ///
    /// - Parameter meaning: what the body says.
    func message(
        of request: Request, meaning: JSON, in context: InvoicesRequestContext
    ) throws -> MessageContext {
        let command = try context.command(request.method, meaning: meaning)
        return context.message(for: tenant, by: command)
    }
}

extension InvoiceController {
    /// Answers a write with the invoice as the write has left it, once reads show it, or the caller waits no longer.
    ///
    /// What is stored is stored: reads that are behind change nothing of the answer but a header.
    ///
    /// - Parameter day: by which it is judged what is overdue; nil for the day on which it was decided.
    func answer(
        _ status: HTTPResponse.Status, _ commit: InvoiceCommit, to request: Request, on day: CalendarDate?,
        headers: HTTPFields = [:]
    ) async -> Response {
        var headers = headers
        if commit.isRepetition { headers[.idempotencyReplayed] = "true" }
        await wait(until: commit.position, for: request, &headers)
        return .json(status, headers: headers, tagged: .resource(commit.invoice.revision)) {
            $0.invoice(commit.invoice, on: day ?? calendar.day(at: commit.decidedAt))
        }
    }

    /// Waits until reads show what was written, and states in the headers from where on they do, and whether they do.
    func wait(until position: Position, for request: Request, _ headers: inout HTTPFields) async {
        headers[.consistencyToken] = ConsistencyToken.text(for: position)
        guard await !queries.wait(until: position, atMost: request.preferredWait) else { return }
        headers[.readsBehind] = "true"
    }
}
