import EventSourcing
package import FoundationEssentials

/// Which invoice.
package struct InvoiceID: EntityID {
    package let rawValue: UUID

    package init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// Whom an invoice is addressed to.
package struct CustomerID: EntityID {
    package let rawValue: UUID

    package init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// Which payment of an invoice.
package struct PaymentID: EntityID {
    package let rawValue: UUID

    package init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// A UUID that says what it is the id of.
package protocol EntityID: Hashable, Sendable, CodableAsText {
    var rawValue: UUID { get }

    init(_ rawValue: UUID)
}

extension EntityID {
    /// Reads 36 characters, in either case: events of the first versions have ids in upper case.
    package init?(_ text: String) {
        guard let rawValue = UUID(text: text) else { return nil }
        self.init(rawValue)
    }

    /// Lower case, as ids are written everywhere outside of Swift.
    package var description: String { rawValue.text }
}
