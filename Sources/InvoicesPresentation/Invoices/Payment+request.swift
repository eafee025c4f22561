import HTTPConventions
import InvoicesDomain

extension Payment {
    /// Reads the body of a request to pay an invoice.
    init(_ body: inout ObjectReader) {
        let amount = body.optional("amount", as: .amount)
        let method = body.optional("method", as: .paymentMethod)
        let reference = body.optional("reference", as: .reference)
        let paidAt = body.optional("paidAt", as: .time)
        self.init(amount: amount, method: method, reference: reference, paidAt: paidAt)
    }
}
