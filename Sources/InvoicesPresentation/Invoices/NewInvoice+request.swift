import EventSourcing
import HTTPConventions
import InvoicesDomain

extension NewInvoice {
    /// Reads the body of a request to create an invoice.
    ///
    /// - Parameters:
    ///   - id: the id that the invoice will have.
    ///   - defaultCurrency: the currency when the body names none.
    ///   - defaultRoundingRule: how lines are rounded when the body does not say it.
    init?(
        _ body: inout ObjectReader, id: InvoiceID, defaultCurrency: Currency, defaultRoundingRule: RoundingRule
    ) {
        let customer = body.required("customerId", as: .customerID)
        let contents = body.contents()
        let roundingRule = body.optional("roundingRule", as: .roundingRule)
        if roundingRule != nil, !body.gives("lines") { body.refuseRounding() }
        if roundingRule == defaultRoundingRule { body.disregard("roundingRule") }
        let currency = body.optional("currency", as: .currency, default: defaultCurrency)
        let dueDate = body.optional("dueDate", as: .date)
        let reference = body.optional("reference", as: .reference)
        let isDraft = body.optional("draft", as: .bool, default: false)
        let series = body.optional("series", as: .series, default: .standard)
        let issueDate = body.optional("issueDate", as: .date)
        if isDraft, body.gives("series") {
            body.add(.contradiction, to: "series", "A draft has no series yet. Name it when the invoice is issued.")
        }
        if isDraft, body.gives("issueDate") {
            body.add(
                .contradiction, to: "issueDate", "A draft has no issue date yet. State it when the invoice is issued.")
        }
        guard let customer, let contents else { return nil }
        self.init(
            id: id, customer: customer, contents: contents, currency: currency, dueDate: dueDate,
            reference: reference, roundedBy: roundingRule ?? defaultRoundingRule,
            issuedIn: isDraft ? nil : series, on: issueDate)
    }
}

extension ObjectReader {
    /// What an invoice asks money for: either `amount` or `lines`; nil when it is wrong.
    mutating func contents() -> InvoiceContents? {
        guard gives("lines") else {
            let amount = gives("amount") ? required("amount", as: .amount) : missingContents()
            pass(over: "lines")
            return amount.map(InvoiceContents.amount)
        }
        if gives("amount") {
            add(.contradiction, to: "amount", "The amount follows from the lines. Send one or the other.")
        }
        pass(over: "amount")
        return objects("lines", counts: InvoiceContents.lineCounts) { $0.line() }.map(InvoiceContents.lines)
    }

    /// Records that a rounding rule was given without lines.
    mutating func refuseRounding() {
        add(
            .contradiction, to: "roundingRule",
            "Of a plain amount nothing is computed. Send lines, or leave the rounding rule out.")
    }

    private mutating func missingContents() -> Int64? {
        pass(over: "amount")
        let expectation = MemberFormat.amount.expectation
        add(.required, to: "amount", "An invoice needs an amount or lines. Send lines, or an amount. \(expectation)")
        return nil
    }

    private mutating func line() -> InvoiceLine? {
        let description = required("description", as: .lineDescription)
        let quantity = required("quantity", as: .quantity)
        let unitPrice = required("unitPrice", as: .unitPrice)
        let taxRate = required("taxRate", as: .taxRate).flatMap(TaxRate.init(basisPoints:))
        guard let description, let quantity, let unitPrice, let taxRate else { return nil }
        return InvoiceLine(description: description, quantity: quantity, unitPrice: unitPrice, taxRate: taxRate)
    }
}
