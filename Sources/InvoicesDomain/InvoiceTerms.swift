/// What an invoice says: who owes what, and until when. The part of it that a draft can change.
///
/// It stands in events, and is made of plain values: facts are readable whatever limits hold later.
package struct InvoiceTerms: Codable, Hashable, Sendable {
    package private(set) var customerId: CustomerID
    /// ISO 4217.
    package private(set) var currency: String
    /// Empty for an invoice of a plain amount.
    package private(set) var lines: [PricedLine]
    /// Before tax, in minor units.
    package private(set) var netAmount: Int64
    /// In minor units.
    package private(set) var taxAmount: Int64
    /// What is owed: net and tax, in minor units.
    package private(set) var amount: Int64
    /// By which ``RoundingRule`` the amounts were computed; nil where there was nothing to compute.
    package private(set) var roundingRule: String?
    package private(set) var dueDate: CalendarDate?
    package private(set) var reference: ExactText?

    /// - Throws: ``InvoiceError/amountOutOfRange(_:largest:)`` and ``InvoiceError/wrongNumberOfLines(_:)``.
    package init(
        customer: CustomerID, contents: InvoiceContents, currency: Currency, dueDate: CalendarDate? = nil,
        reference: Reference? = nil
    ) throws(InvoiceError) {
        self.init(
            customerId: customer, currency: currency.code, amount: 0, dueDate: dueDate, reference: reference?.rawValue)
        try set(contents)
    }

    /// The terms of a plain amount, as they have been stated or stored before: nothing of them is refused.
    package init(
        customerId: CustomerID, currency: String, amount: Int64, dueDate: CalendarDate? = nil, reference: String? = nil
    ) {
        self.customerId = customerId
        self.currency = currency
        (lines, netAmount, taxAmount, roundingRule) = ([], amount, 0, nil)
        self.amount = amount
        self.dueDate = dueDate
        self.reference = reference.map { ExactText($0) }
    }

    /// Terms as they are stored, member by member.
    package init(
        customerId: CustomerID, currency: String, lines: [PricedLine], netAmount: Int64, taxAmount: Int64,
        amount: Int64, roundingRule: String?, dueDate: CalendarDate?, reference: String?
    ) {
        self.customerId = customerId
        self.currency = currency
        self.lines = lines
        self.netAmount = netAmount
        self.taxAmount = taxAmount
        self.amount = amount
        self.roundingRule = roundingRule
        self.dueDate = dueDate
        self.reference = reference.map { ExactText($0) }
    }

    /// The terms with what a revision sets; all else is kept as it is.
    ///
    /// - Throws: ``InvoiceError/amountOutOfRange(_:largest:)`` and ``InvoiceError/wrongNumberOfLines(_:)``.
    func revised(by revision: InvoiceRevision) throws(InvoiceError) -> InvoiceTerms {
        var terms = self
        if case .set(let customer) = revision.customer { terms.customerId = customer }
        if case .set(let contents) = revision.contents { try terms.set(contents) }
        if case .set(let currency) = revision.currency { terms.currency = currency.code }
        if case .set(let dueDate) = revision.dueDate { terms.dueDate = dueDate }
        if case .set(let reference) = revision.reference { terms.reference = reference.map { ExactText($0.rawValue) } }
        return terms
    }

    private mutating func set(_ contents: InvoiceContents) throws(InvoiceError) {
        switch contents {
        case .amount(let amount):
            guard (1...Money.largestInvoice).contains(amount) else {
                throw .amountOutOfRange(amount, largest: Money.largestInvoice)
            }
            (lines, netAmount, taxAmount, roundingRule) = ([], amount, 0, nil)
        case .lines(let contents):
            guard InvoiceContents.lineCounts.contains(contents.count) else {
                throw .wrongNumberOfLines(contents.count)
            }
            let rule = RoundingRule.lineHalfUp
            (lines, netAmount, taxAmount) = try rule.totals(of: contents)
            roundingRule = rule.rawValue
        }
        amount = netAmount + taxAmount
    }
}
