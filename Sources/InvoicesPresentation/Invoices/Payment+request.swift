import HTTPConventions
import InvoicesDomain

extension Payment {
    /// Reads the body of a request to pay an invoice.
    ///
    /// - Parameter newID: the payment's id when the body has none.
    /// - Throws: a ``Problem`` with everything that is wrong with the body.
    init(_ json: JSON, id newID: PaymentID) throws(Problem) {
        var body = try ObjectReader(json)
        let id = body.optional("id", as: .paymentID)
        let amount = body.optional("amount", as: .amount)
        let method = body.optional("method", as: .paymentMethod)
        let reference = body.optional("reference", as: .reference)
        let paidAt = body.optional("paidAt", as: .time)
        if let problem = body.problem() { throw problem }
        self.init(id: id ?? newID, amount: amount, method: method, reference: reference, paidAt: paidAt)
    }
}
