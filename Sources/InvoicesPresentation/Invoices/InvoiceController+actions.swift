import EventSourcing
import HTTPConventions
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// What is done with an invoice that there is: each a command, under the condition of `If-Match`.
extension InvoiceController {
    func addActionRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.patch("/invoices/:id", use: revise)
        group.post("/invoices/:id/issue", use: issue)
        group.post("/invoices/:id/refund", use: refund)
        group.post("/invoices/:id/void", use: void)
        group.post("/invoices/:id/payments/:paymentId/reverse", use: reversePayment)
    }

    @Sendable private func revise(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(on: request, in: context, accepting: [.json, .mergePatch]) { body in
            guard let body else {
                throw Problem(.malformedJSON, "The body is empty. Send an object with the members that change.")
            }
            return try InvoiceRevision(body, defaultRoundingRule: defaultRoundingRule)
        } by: {
            ReviseInvoice($0, to: $1, expecting: $2)
        }
    }

    @Sendable private func issue(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(on: request, in: context) { body in
            try body?.given.map { try Issue($0) } ?? Issue()
        } by: {
            IssueInvoice($0, in: $1.series, on: $1.date, expecting: $2)
        }
    }

    @Sendable private func refund(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(on: request, in: context) { body in
            try body?.given.map { try Refund($0) } ?? Refund()
        } by: {
            RefundInvoice($0, amount: $1.amount, because: $1.reason, expecting: $2)
        }
    }

    @Sendable private func void(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(on: request, in: context) { body in
            try Reason(requiredBy: body)
        } by: {
            VoidInvoice($0, because: $1, expecting: $2)
        }
    }

    @Sendable private func reversePayment(
        _ request: Request, _ context: InvoicesRequestContext
    ) async throws -> Response {
        let payment = PaymentID(try context.ids("id", "paymentId")[1])
        return try await act(on: request, in: context) { body in
            try Reason(requiredBy: body)
        } by: {
            ReversePayment(payment, of: $0, because: $1, expecting: $2)
        }
    }

    /// Reads a request into a command on the invoice that the path names, and answers with the invoice as it is after it.
    ///
    /// - Parameters:
    ///   - types: the media types that the body may have.
    ///   - read: reads the body; nil is none.
    ///   - command: makes the command from the invoice, what was read, and the revision that `If-Match` insists on.
    func act<Body, C: Command<Invoicing>>(
        on request: Request, in context: InvoicesRequestContext, accepting types: [BodyType] = [.json],
        reading read: (JSON?) throws -> Body, by command: (InvoiceID, Body, ExpectedRevision?) -> C
    ) async throws -> Response where C.Response == InvoiceCommit {
        var parameters = QueryParameters(of: request)
        let id = InvoiceID(parameters.id(in: context))
        let day = parameters.judgementDay()
        try parameters.finish()
        let condition = try request.ifMatch()
        let body = try read(try await request.json(as: types))
        let message = message(in: context)
        let commit = try await condition.satisfied { expected in
            try await commands.send(command(id, body, expected), in: message)
        }
        return await answer(.ok, commit, to: request, on: day)
    }
}
