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
        group.post("/invoices/:id/pay", use: pay)
        group.post("/invoices/:id/refund", use: refund)
        group.post("/invoices/:id/void", use: void)
        group.post("/invoices/:id/payments/:paymentId/reverse", use: reversePayment)
    }

    @Sendable private func revise(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(
            on: request, in: context, accepting: [.json, .mergePatch],
            withoutBody: .isRefused("The body is empty. Send an object with the members that change.")
        ) {
            InvoiceRevision(&$0, defaultRoundingRule: defaultRoundingRule)
        } by: {
            ReviseInvoice($0, to: $1, expecting: $2)
        }
    }

    @Sendable private func issue(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(on: request, in: context, withoutBody: .means(Issue())) {
            Issue(issuing: &$0)
        } by: {
            IssueInvoice($0, in: $1.series, on: $1.date, expecting: $2)
        }
    }

    @Sendable private func pay(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        let new = PaymentID(makeID())
        return try await act(on: request, in: context, withoutBody: .means(Payment(id: new))) {
            Payment(&$0, id: new)
        } by: {
            PayInvoice($0, $1, expecting: $2)
        }
    }

    @Sendable private func refund(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(on: request, in: context, withoutBody: .means(Refund())) {
            Refund(&$0)
        } by: {
            RefundInvoice($0, amount: $1.amount, because: $1.reason, expecting: $2)
        }
    }

    @Sendable private func void(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try await act(
            on: request, in: context, withoutBody: .isRefused("The body is empty. Send an object with the reason.")
        ) {
            Reason(requiredBy: &$0)
        } by: {
            VoidInvoice($0, because: $1, expecting: $2)
        }
    }

    @Sendable private func reversePayment(
        _ request: Request, _ context: InvoicesRequestContext
    ) async throws -> Response {
        let payment = PaymentID(try context.ids("id", "paymentId")[1])
        return try await act(
            on: request, in: context, withoutBody: .isRefused("The body is empty. Send an object with the reason.")
        ) {
            Reason(requiredBy: &$0)
        } by: {
            ReversePayment(payment, of: $0, because: $1, expecting: $2)
        }
    }

    /// The meaning of a request without a body.
    enum NoBody<Body> {
        /// The same as null and as an object without members.
        case means(Body)
        /// It is refused in these words.
        case isRefused(String)
    }

    /// Reads a request into a command on the invoice that the path names, and answers with the invoice as it is after it.
    ///
    /// - Parameters:
    ///   - types: the media types that the body may have.
    ///   - none: the meaning of a request without a body.
    ///   - read: reads the body; nil when something is wrong with it.
    ///   - command: makes the command from the invoice, what was read, and the revision that `If-Match` insists on.
    private func act<Body, C: Command<Invoicing>>(
        on request: Request, in context: InvoicesRequestContext, accepting types: [BodyType] = [.json],
        withoutBody none: NoBody<Body>, reading read: (inout ObjectReader) -> Body?,
        by command: (InvoiceID, Body, ExpectedRevision?) -> C
    ) async throws -> Response where C.Response == InvoiceCommit {
        var parameters = QueryParameters(of: request)
        let id = InvoiceID(parameters.id(in: context))
        let day = parameters.judgementDay()
        try parameters.finish()
        let condition = try request.ifMatch()
        let body: Body
        var meaning = JSON.object([])
        switch (try await request.json(as: types), none) {
        case (nil, .isRefused(let detail)): throw Problem(.malformedJSON, detail)
        case (nil, .means(let value)), (.null, .means(let value)): body = value
        case (let json?, _):
            (body, meaning) = try ObjectReader.read(json, collectingMeaning: context.idempotencyKey != nil, read)
        }
        let message = try message(of: request, meaning: meaning, in: context)
        let commit = try await condition.satisfied { expected in
            try await commands.send(command(id, body, expected), in: message)
        }
        return await answer(.ok, commit, to: request, on: day)
    }
}
