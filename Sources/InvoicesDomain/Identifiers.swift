package import FoundationEssentials

/// Which invoice.
package struct InvoiceID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: UUID

    package init(_ rawValue: UUID) { self.rawValue = rawValue }

    package init(from decoder: any Decoder) throws { rawValue = try UUID(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    /// Lower case, as ids are written everywhere outside of Swift.
    package var description: String { rawValue.uuidString.lowercased() }
}

/// Whom an invoice is addressed to.
package struct CustomerID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: UUID

    package init(_ rawValue: UUID) { self.rawValue = rawValue }

    package init(from decoder: any Decoder) throws { rawValue = try UUID(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    package var description: String { rawValue.uuidString.lowercased() }
}
