/// A line to be billed: so much of something at a price, without the tax that comes on top.
package struct InvoiceLine: Hashable, Sendable {
    package let description: Description
    package let quantity: Quantity
    /// For one, before tax, in minor units of the invoice's currency.
    package let unitPrice: Int64
    package let taxRate: TaxRate

    package static let unitPrices: ClosedRange<Int64> = 0...Money.largestInvoice

    /// Nil when the price is not between 0 and the largest amount of an invoice.
    package init?(description: Description, quantity: Quantity, unitPrice: Int64, taxRate: TaxRate) {
        guard Self.unitPrices.contains(unitPrice) else { return nil }
        self.description = description
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.taxRate = taxRate
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
    }
}

/// A line with what it comes to, as it stands in events: facts, which no later rule or limit makes unreadable.
package struct PricedLine: Codable, Hashable, Sendable {
    package let description: String
    package let quantity: Quantity
    /// For one, before tax, in minor units of the invoice's currency.
    package let unitPrice: Int64
    /// In basis points.
    package let taxRate: Int64
    /// Before tax, in minor units.
    package let netAmount: Int64
    /// In minor units.
    package let taxAmount: Int64

    init(_ line: InvoiceLine, net: Int64, tax: Int64) {
        description = line.description.rawValue
        quantity = line.quantity
        unitPrice = line.unitPrice
        taxRate = line.taxRate.basisPoints
        netAmount = net
        taxAmount = tax
    }
}
