import EventSourcing
package import FoundationEssentials

/// Which invoice.
package struct InvoiceID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: UUID

    package init(_ rawValue: UUID) { self.rawValue = rawValue }

    package init(from decoder: any Decoder) throws { rawValue = try UUID(textFrom: decoder) }

    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    /// Lower case, as ids are written everywhere outside of Swift.
    package var description: String { rawValue.text }
}

/// Whom an invoice is addressed to.
package struct CustomerID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: UUID

    package init(_ rawValue: UUID) { self.rawValue = rawValue }

    package init(from decoder: any Decoder) throws { rawValue = try UUID(textFrom: decoder) }

    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    package var description: String { rawValue.text }
}

extension UUID {
    fileprivate init(textFrom decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = UUID(text: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID: \(text)")
        }
        self = id
    }
}
