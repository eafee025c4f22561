package import InvoicesDomain

/// What a customer owes and has paid, as of all that is known now.
package struct CustomerStatement: Hashable, Sendable {
    package let customer: CustomerID
    /// The day that due dates were compared with.
    package let day: CalendarDate
    /// One for each currency that the customer has an invoice in, in the order of their codes; none without invoices.
    /// Drafts and what was voided are no invoices here.
    package let balances: [Balance]
    /// The number of the tenant's invoices with events that could not be applied. The balances lack what these events say.
    package let setAside: Int64

    package init(customer: CustomerID, day: CalendarDate, balances: [Balance], setAside: Int64 = 0) {
        self.customer = customer
        self.day = day
        self.balances = balances
        self.setAside = setAside
    }

    /// The invoices of one currency. Amounts of several currencies have no sum.
    package struct Balance: Hashable, Sendable {
        package let currency: Currency
        /// Waiting for payment, whether overdue or not: what is due of them.
        package let open: Total
        /// Those of the open ones whose due date is before the statement's day. Without a due date, never.
        package let overdue: Total
        /// Those of which payments are kept, in full or in part: the payments less the refunds.
        package let paid: Total

        package init(currency: Currency, open: Total, overdue: Total, paid: Total) {
            self.currency = currency
            self.open = open
            self.overdue = overdue
            self.paid = paid
        }
    }

    /// Some invoices together.
    package struct Total: Hashable, Sendable {
        package let invoices: Int64
        /// In minor units of the currency.
        package let amount: Int64

        package init(invoices: Int64, amount: Int64) {
            self.invoices = invoices
            self.amount = amount
        }
    }
}
