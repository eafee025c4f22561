import EventSourcing
import FoundationEssentials
import HTTPConventions
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// Answers what customers owe and have paid.
struct StatementController: Sendable {
    let queries: QueryBus<InvoiceReading>
    let tenant: TenantID
    let calendar: BusinessCalendar

    func addRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.get("/customers/:id/statement", use: find)
    }

    @Sendable private func find(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        var parameters = QueryParameters(of: request)
        let customer = CustomerID(parameters.id(in: context))
        let day = parameters.judgementDay()
        try parameters.finish()
        let message = context.message(for: tenant)
        let statement = try await queries.ask(
            FindCustomerStatement(of: customer, on: day ?? calendar.day(at: message.now)), in: message,
            atLeast: request.consistencyPosition())
        var headers: HTTPFields = [:]
        headers.note(setAside: statement.setAside)
        return .json(headers: headers, tagged: .content) { $0.statement(statement) }
    }
}
