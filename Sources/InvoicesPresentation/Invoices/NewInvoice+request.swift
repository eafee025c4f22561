import InvoicesDomain

extension NewInvoice {
    /// Reads the body of a request to create an invoice.
    ///
    /// - Parameters:
    ///   - id: the id that the invoice will have.
    ///   - currency: the currency when the body names none.
    /// - Throws: a ``Problem`` with everything that is wrong with the body.
    init(_ json: JSON, id: InvoiceID, defaultCurrency: Currency) throws(Problem) {
        var body = try ObjectReader(json)
        let customer = body.required("customerId", as: .customerID)
        let amount = body.required("amount", as: .amount)
        let currency = body.optional("currency", as: .currency)
        let dueDate = body.optional("dueDate", as: .date)
        let reference = body.optional("reference", as: .reference)
        if let problem = body.problem() { throw problem }
        guard let customer, let amount else { throw Problem(.validationFailed) }
        self.init(
            id: id, customer: customer, total: Money(minorUnits: amount, currency: currency ?? defaultCurrency),
            dueDate: dueDate, reference: reference)
    }
}
