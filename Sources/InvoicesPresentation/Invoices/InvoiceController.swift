import EventSourcing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain
import Logging

/// Reads requests into commands and queries, and writes what they answer.
struct InvoiceController: Sendable {
    let commands: CommandBus<Invoicing>
    let queries: QueryBus<InvoiceReading>
    let tenant: TenantID
    let defaultCurrency: Currency
    let representation: InvoiceRepresentation
    let now: @Sendable () -> Date
    let makeID: @Sendable () -> UUID

    func addRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.post("/invoices", use: create)
        group.get("/invoices/:id", use: find)
        group.post("/invoices/:id/pay", use: pay)
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
        let id = InvoiceID(try context.id())
        try QueryParameters(of: request).finish()
        let message = message(in: context)
        let invoice = try await queries.ask(
            FindInvoiceByID(id), in: message, atLeast: request.consistencyPosition())
        guard let invoice else { throw InvoiceError.notFound }
        return representation.answer(invoice, to: request, on: message.day)
    }

    @Sendable private func pay(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        let id = InvoiceID(try context.id())
        try QueryParameters(of: request).finish()
        let condition = try request.ifMatch()
        let payment = try await request.json().map { try Payment($0) } ?? Payment()
        let message = message(in: context)
        let commit = try await condition.satisfied { expected in
            try await commands.send(PayInvoice(id, payment, expecting: expected), in: message)
        }
        return try await answer(.ok, commit, in: message, headers: [:])
    }

    private func message(in context: InvoicesRequestContext) -> MessageContext {
        MessageContext(tenant: tenant, correlationID: context.correlationID, source: "invoices.http", now: now())
    }
}

extension InvoiceController {
    /// Answers a write with the invoice as it is now; with 202 when reads cannot show it in time.
    ///
    /// What is stored is stored: whatever goes wrong from here on must not look like a failed write, or the caller
    /// would write again.
    private func answer(
        _ status: HTTPResponse.Status, _ commit: InvoiceCommit, in message: MessageContext, headers: HTTPFields
    ) async throws -> Response {
        var headers = headers
        headers[.consistencyToken] = ConsistencyToken.text(for: commit.position)
        if let invoice = await view(of: commit, in: message) {
            headers[.eTag] = EntityTag.text(for: invoice.revision)
            return .json(status, headers: headers) { $0.invoice(invoice, on: message.day) }
        }
        guard let revision = commit.revision else { throw InvoiceError.notFound }
        headers[.location] = "/invoices/\(commit.invoice)"
        headers[.eTag] = EntityTag.text(for: revision)
        headers[.retryAfter] = "1"
        return .json(.accepted, headers: headers) { json in
            json.object { json in
                json.member("id", commit.invoice.description)
                json.member("revision", revision.rawValue)
                json.member("detail", Self.accepted)
            }
        }
    }

    private static let accepted =
        "The write is stored, and reads will show it soon. Do not repeat it; read the invoice a little later."

    /// The invoice as it is read after the commit; nil when it cannot be read in time.
    private func view(of commit: InvoiceCommit, in message: MessageContext) async -> InvoiceView? {
        do {
            return try await queries.ask(FindInvoiceByID(commit.invoice), in: message, atLeast: commit.position)
        } catch {
            Logger.current.warning("Stored a write that cannot be read yet", metadata: ["error": "\(error)"])
            return nil
        }
    }
}

extension MessageContext {
    /// The day that it is in UTC: what was due before it is overdue.
    var day: CalendarDate { CalendarDate(inUTC: now) }
}
