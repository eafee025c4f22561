package import EventSourcing
package import InvoicesDomain

/// An invoice as a read model stores it: encoded, so that nobody decodes what is not looked into.
package struct StoredInvoice: Hashable, Sendable {
    package let id: InvoiceID
    /// The revision of the last event that is in it.
    package let revision: Revision
    /// After which day the invoice is overdue; nil for one of which nothing can be.
    package let dueDay: CalendarDate?
    package let document: InvoiceDocument

    package init(id: InvoiceID, revision: Revision, dueDay: CalendarDate?, document: InvoiceDocument) {
        self.id = id
        self.revision = revision
        self.dueDay = dueDay
        self.document = document
    }

    /// Whether on that day something is due that was to be paid before it.
    package func isOverdue(on day: CalendarDate) -> Bool { dueDay.map { $0 < day } ?? false }

    /// - Throws: what ``InvoiceDocument/decode()`` throws.
    package func view() throws -> InvoiceView { InvoiceView(try document.decode(), revision: revision) }
}

/// The details of an invoice as JSON, in a version of their shape. Documents of older versions are read for ever, so that a
/// new member needs neither a migration nor a rebuild.
package struct InvoiceDocument: Hashable, Sendable {
    package static let currentVersion = 1

    package let version: Int
    package let bytes: [UInt8]

    /// A document that was stored.
    package init(version: Int, bytes: [UInt8]) {
        self.version = version
        self.bytes = bytes
    }

    /// Encodes the details in the current version.
    package init(_ details: InvoiceDetails) throws {
        self.init(version: Self.currentVersion, bytes: try EventPayload(encoding: details).bytes)
    }

    /// - Throws: ``UnknownDocumentVersion`` for a document of a later version of this program; `DecodingError` when the
    ///   bytes are not what this program can have written.
    package func decode() throws -> InvoiceDetails {
        guard version == Self.currentVersion else { throw UnknownDocumentVersion(version: version) }
        return try EventPayload(bytes: bytes).decode(InvoiceDetails.self)
    }
}

/// A document was written by a later version of this program.
package struct UnknownDocumentVersion: CategorizedError, CustomStringConvertible {
    package var category: ErrorCategory { .fatal }

    package let version: Int

    package var description: String {
        "the read database has a document of version \(version); run the program that wrote it, or a later one"
    }
}
