import EventSourcing
import HTTPConventions
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// Invoices that are made out together.
///
/// The answer is 200, and not 207: the batch itself was handled whatever became of its parts, and 207 promises the
/// multi-status document of WebDAV. Each outcome carries the status that its invoice would have been answered with.
extension InvoiceController {
    func addBatchRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.post("/invoices/batch", use: createSeveral)
    }

    @Sendable private func createSeveral(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response
    {
        var parameters = QueryParameters(of: request)
        let day = parameters.judgementDay()
        try parameters.finish()
        guard let body = try await request.json(upTo: RequestLimits.batchBodySize) else {
            throw Problem(.malformedJSON, "The body is empty. Send an object with invoices, an array.")
        }
        let (elements, _) = try ObjectReader.read(body) { $0.elements("invoices", counts: RequestLimits.batchSizes) }
        var meanings: [JSON] = []
        let read = elements.map { element in
            Result { () throws(Problem) in
                // An element that is refused is compared as it was sent.
                meanings.append(element.withoutNulls)
                let (invoice, meaning) = try ObjectReader.read(
                    element, collectingMeaning: context.idempotencyKey != nil
                ) {
                    newInvoice(&$0)
                }
                meanings[meanings.endIndex - 1] = meaning
                return invoice
            }
        }
        let meaning = JSON.object([JSON.Member(name: "invoices", value: .array(meanings))])
        let message = try message(of: request, meaning: meaning, in: context)
        let created = try await commands.send(CreateInvoices(read.compactMap { try? $0.get() }), in: message)
        var decided = created.outcomes.makeIterator()
        let outcomes = read.enumerated().map { index, invoice in
            BatchOutcome(index: index, read: invoice, decided: { decided.next() })
        }
        return await answer(outcomes, from: created, to: request, on: day)
    }

    private func answer(
        _ outcomes: [BatchOutcome], from batch: CreatedInvoices, to request: Request, on day: CalendarDate?
    ) async -> Response {
        var headers = HTTPFields()
        let preferred = request.preferredReturn
        headers[.preferenceApplied] = preferred.map { "return=\($0.rawValue)" }
        if batch.isRepetition { headers[.idempotencyReplayed] = "true" }
        if let position = batch.position { await wait(until: position, for: request, &headers) }
        return .json(headers: headers) { json in
            json.batch(
                outcomes, withInvoices: preferred != .minimal, on: day ?? calendar.day(at: batch.decidedAt),
                correlationID: batch.correlationID)
        }
    }
}

/// What has become of one invoice of a batch.
struct BatchOutcome {
    /// Its place in the batch, from 0.
    let index: Int
    let result: Result<InvoiceView, Problem>

    /// - Parameters:
    ///   - read: what was read of the invoice.
    ///   - decided: what was decided on it; asked for only if it could be read.
    init(
        index: Int, read: Result<NewInvoice, Problem>,
        decided: () -> Result<InvoiceView, InvoiceError>?
    ) {
        self.index = index
        let pointer = "/invoices/\(index)"
        switch read {
        case .failure(let problem): result = .failure(problem.located(at: pointer))
        case .success:
            result = (decided() ?? .failure(.notFound)).mapError { Problem($0).located(at: pointer) }
        }
    }

    var isCreated: Bool { (try? result.get()) != nil }
}

extension JSONWriter {
    /// - Parameter withInvoices: whether the answer shows the invoices that were created.
    fileprivate mutating func batch(
        _ outcomes: [BatchOutcome], withInvoices: Bool, on day: CalendarDate, correlationID: String
    ) {
        let created = outcomes.count(where: \.isCreated)
        object { json in
            json.member("created", Int64(created))
            json.member("refused", Int64(outcomes.count - created))
            json.member("outcomes") { json in
                json.array(outcomes) { json, outcome in
                    json.object { json in
                        json.member("index", Int64(outcome.index))
                        switch outcome.result {
                        case .success(let invoice):
                            json.member("status", Int64(HTTPResponse.Status.created.code))
                            json.member("id", invoice.details.id)
                            json.member("revision", invoice.revision.rawValue)
                            if withInvoices { json.member("invoice") { $0.invoice(invoice, on: day) } }
                        case .failure(let problem):
                            json.member("status", Int64(problem.kind.status.code))
                            json.member("problem") { $0.problem(problem, correlationID: correlationID) }
                        }
                    }
                }
            }
        }
    }
}
