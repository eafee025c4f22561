/// A line to be billed: so much of something at a price, without the tax that comes on top. A line with a negative
/// quantity or a negative price is a discount or a credit.
package struct InvoiceLine: Hashable, Sendable {
    package let description: Description
    package let quantity: Quantity
    package let unitPrice: UnitPrice
    package let taxRate: TaxRate

    package init(description: Description, quantity: Quantity, unitPrice: UnitPrice, taxRate: TaxRate) {
        self.description = description
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.taxRate = taxRate
    }

    /// A line that was stored before. Nothing of it is refused.
    init(_ line: PricedLine) {
        description = Description(stated: line.description)
        quantity = line.quantity
        unitPrice = line.unitPrice
        taxRate = TaxRate(stated: line.taxRate)
    }

    /// What a line is about: 1 to 200 characters on one line, not only spaces.
    package struct Description: Hashable, Sendable {
        package let rawValue: String

        package static let longest = 200

        /// Nil when the text is empty or blank, longer than ``longest``, or has control characters.
        package init?(_ text: String) {
            guard text.isOneLine(ofAtMost: Self.longest) else { return nil }
            rawValue = text
        }

        fileprivate init(stated text: String) { rawValue = text }
    }
}

/// A line with what it comes to, as it stands in events: facts, which no later rule or limit makes unreadable.
package struct PricedLine: Codable, Hashable, Sendable {
    package let description: String
    package let quantity: Quantity
    package let unitPrice: UnitPrice
    /// In basis points.
    package let taxRate: Int64
    /// Before tax, in minor units.
    package let netAmount: Int64
    /// In minor units; nil under a ``RoundingRule`` that computes no tax for a single line.
    package let taxAmount: Int64?

    init(_ line: InvoiceLine, net: Int64, tax: Int64?) {
        description = line.description.rawValue
        quantity = line.quantity
        unitPrice = line.unitPrice
        taxRate = line.taxRate.basisPoints
        netAmount = net
        taxAmount = tax
    }
}
