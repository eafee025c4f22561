import EventSourcing
import HTTPConventions
import InvoicesDomain

extension Payment {
    /// Reads the body of a request to pay an invoice.
    ///
    /// - Parameter newID: the payment's id when the body has none.
    init(_ body: inout ObjectReader, id newID: PaymentID) {
        let id = body.optional("id", as: .paymentID)
        let amount = body.optional("amount", as: .amount)
        let method = body.optional("method", as: .paymentMethod)
        let reference = body.optional("reference", as: .reference)
        let paidAt = body.optional("paidAt", as: .time)
        self.init(id: id ?? newID, amount: amount, method: method, reference: reference, paidAt: paidAt)
    }
}
