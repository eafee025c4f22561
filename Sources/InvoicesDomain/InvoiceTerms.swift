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
    /// The totals of each rate, the highest rate first, under a rule that rounds the tax of a rate. Nil where they are
    /// the sums of the lines; see ``taxTotals``.
    private var taxes: [TaxTotal]?
    package private(set) var dueDate: CalendarDate?
    package private(set) var reference: ExactText?

    /// - Parameter rule: how lines are rounded.
    /// - Throws: ``InvoiceError/amountOutOfRange(_:largest:)``, ``InvoiceError/wrongNumberOfLines(_:)``,
    ///   ``InvoiceError/linesRefused(_:)``.
    package init(
        customer: CustomerID, contents: InvoiceContents, currency: Currency, dueDate: CalendarDate? = nil,
        reference: Reference? = nil, roundedBy rule: RoundingRule = .standard
    ) throws(InvoiceError) {
        self.init(
            customerId: customer, currency: currency.code, amount: 0, dueDate: dueDate, reference: reference?.rawValue)
        try set(contents, roundedBy: rule)
    }

    /// The terms of a plain amount, as they have been stated or stored before: nothing of them is refused.
    package init(
        customerId: CustomerID, currency: String, amount: Int64, dueDate: CalendarDate? = nil, reference: String? = nil
    ) {
        self.customerId = customerId
        self.currency = currency
        (lines, netAmount, taxAmount, roundingRule, taxes) = ([], amount, 0, nil, nil)
        self.amount = amount
        self.dueDate = dueDate
        self.reference = reference.map { ExactText($0) }
    }

    /// The totals of each rate of tax, the highest rate first; none for a plain amount.
    package var taxTotals: [TaxTotal] {
        if let taxes { return taxes }
        return Dictionary(grouping: lines, by: \.taxRate).sorted { $0.key > $1.key }.map { rate, lines in
            TaxTotal(
                taxRate: rate, netAmount: lines.reduce(0) { $0 + $1.netAmount },
                taxAmount: lines.reduce(0) { $0 + ($1.taxAmount ?? 0) })
        }
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

    /// The terms with what a revision sets; everything else is kept. Lines that replace other lines are rounded by the
    /// same rule as those.
    ///
    /// - Throws: as ``init(customer:contents:currency:dueDate:reference:roundedBy:)``, and
    ///   ``InvoiceError/nothingToRound`` when a rule is set and there are no lines.
    func revised(by revision: InvoiceRevision) throws(InvoiceError) -> InvoiceTerms {
        var terms = self
        if case .set(let customer) = revision.customer { terms.customerId = customer }
        let presentRule = roundingRule.flatMap(RoundingRule.init)
        switch (revision.contents, revision.roundingRule) {
        case (.set(let contents), .keep):
            try terms.set(contents, roundedBy: presentRule ?? revision.defaultRoundingRule)
        case (.set(.amount), .set): throw .nothingToRound
        case (.set(let contents), .set(let rule)): try terms.set(contents, roundedBy: rule)
        case (.keep, .keep): break
        case (.keep, .set(let rule)):
            guard !lines.isEmpty else { throw .nothingToRound }
            if rule != presentRule { try terms.set(.lines(lines.map(InvoiceLine.init)), roundedBy: rule) }
        }
        if case .set(let currency) = revision.currency { terms.currency = currency.code }
        if case .set(let dueDate) = revision.dueDate { terms.dueDate = dueDate }
        if case .set(let reference) = revision.reference { terms.reference = reference.map { ExactText($0.rawValue) } }
        return terms
    }

    private mutating func set(_ contents: InvoiceContents, roundedBy rule: RoundingRule) throws(InvoiceError) {
        switch contents {
        case .amount(let amount):
            (lines, netAmount, taxAmount, roundingRule, taxes) = ([], amount, 0, nil, nil)
        case .lines(let contents):
            guard InvoiceContents.lineCounts.contains(contents.count) else {
                throw .wrongNumberOfLines(contents.count)
            }
            let priced = try rule.price(contents)
            lines = priced.lines
            netAmount = priced.taxes.reduce(0) { $0 + $1.netAmount }
            taxAmount = priced.taxes.reduce(0) { $0 + $1.taxAmount }
            roundingRule = rule.rawValue
            taxes = rule == .rateHalfUp ? priced.taxes : nil
        }
        let total = netAmount + taxAmount
        guard (1...Money.largestInvoice).contains(total) else {
            throw .amountOutOfRange(total, largest: Money.largestInvoice)
        }
        amount = total
    }
}
