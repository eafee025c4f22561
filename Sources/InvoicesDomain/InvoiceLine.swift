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

    /// What a line is about: 1 to 200 code points in NFC on one line, one of them visible.
    package struct Description: Hashable, Sendable, CustomStringConvertible {
        package let rawValue: String

        package static let longest = 200

        /// Nil when the text is blank, longer than ``longest`` in NFC, or has what breaks the line.
        package init?(_ text: String) {
            guard let text = text.oneLine(ofAtMost: Self.longest) else { return nil }
            rawValue = text
        }

        package var description: String { rawValue }
    }
}

/// A line with what it comes to, as it stands in events: facts, which no later rule or limit makes unreadable.
package struct PricedLine: Codable, Hashable, Sendable {
    package let description: ExactText
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
        description = ExactText(line.description.rawValue)
        quantity = line.quantity
        unitPrice = line.unitPrice
        taxRate = line.taxRate.basisPoints
        netAmount = net
        taxAmount = tax
    }
}
