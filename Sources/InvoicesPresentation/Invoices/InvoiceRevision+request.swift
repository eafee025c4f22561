import EventSourcing
import HTTPConventions
import InvoicesDomain

extension InvoiceRevision {
    /// Reads the body of a request to change a draft: a merge patch (RFC 7396) of the members that an invoice is made
    /// out with. What is left out is kept, and null takes away what an invoice can be without.
    ///
    /// - Parameter roundingRule: how lines are rounded that take the place of an amount when the body does not say it.
    init(_ body: inout ObjectReader, defaultRoundingRule roundingRule: RoundingRule) {
        let customer = body.replacement("customerId", as: .customerID)
        let contents = body.changedContents()
        let rule = body.replacement("roundingRule", as: .roundingRule)
        if case .set = rule, body.gives("amount") { body.refuseRounding() }
        let currency = body.replacement("currency", as: .currency)
        let dueDate = body.removableReplacement("dueDate", as: .date)
        let reference = body.removableReplacement("reference", as: .reference)
        self.init(
            customer: customer, contents: contents, currency: currency, dueDate: dueDate, reference: reference,
            roundingRule: rule, defaultRoundingRule: roundingRule)
    }
}

extension ObjectReader {
    /// What a member becomes that every invoice has. That it is wrong, null included, is noted.
    fileprivate mutating func replacement<Value>(_ name: String, as format: MemberFormat<Value>) -> Change<Value> {
        guard stands(name) else {
            pass(over: name)
            return .keep
        }
        return required(name, as: format).map(Change.set) ?? .keep
    }

    /// What a member becomes that an invoice can be without; null takes it away.
    fileprivate mutating func removableReplacement<Value>(
        _ name: String, as format: MemberFormat<Value>
    ) -> Change<Value?> {
        nullable(name, as: format).map(Change.set) ?? .keep
    }

    /// One of `amount` and `lines` takes the place of both. Null takes the one away when the other is given.
    fileprivate mutating func changedContents() -> Change<InvoiceContents> {
        if gives("amount") || gives("lines") { return contents().map(Change.set) ?? .keep }
        for name in ["amount", "lines"] where stands(name) {
            add(.required, to: name, "An invoice has either an amount or lines. Send the one that it is to have.")
        }
        pass(over: "amount")
        pass(over: "lines")
        return .keep
    }
}
