import EventSourcing
package import InvoicesDomain

/// What a customer owes, what of it is overdue, and what it has paid.
package struct FindCustomerStatement: Query {
    package static let name = "invoices.customer.find_statement"

    package let customer: CustomerID
    /// What is due before this day is overdue.
    package let day: CalendarDate

    package init(of customer: CustomerID, on day: CalendarDate) {
        self.customer = customer
        self.day = day
    }

    package func answer(from reading: InvoiceReading) async throws -> CustomerStatement {
        try await reading.readModel.statement(of: customer, of: reading.tenant, on: day)
    }
}
