package import EventSourcing
import Glibc
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
///
/// Version 1 does not list payments. Version 2 does; see ``lacksPayments()``.
package struct InvoiceDocument: Hashable, Sendable {
    package static let currentVersion = 2

    package let version: Int
    package let bytes: [UInt8]

    /// A document that was stored.
    package init(version: Int, bytes: [UInt8]) {
        self.version = version
        self.bytes = bytes
    }

    /// Encodes the details: in the current version, or in version 1 when their payments are not known.
    package init(_ details: InvoiceDetails) throws {
        self.init(version: Self.version(of: details), bytes: try EventPayload(encoding: details).bytes)
    }

    /// Compares the bytes with one call. Arrays compare byte by byte, which took a twentieth of the time of a list.
    package static func == (first: Self, second: Self) -> Bool {
        guard first.version == second.version, first.bytes.count == second.bytes.count else { return false }
        return first.bytes.withUnsafeBytes { first in
            second.bytes.withUnsafeBytes { second in
                guard let start = first.baseAddress, let other = second.baseAddress else { return true }
                return memcmp(start, other, first.count) == 0
            }
        }
    }

    /// The version that the details are encoded in.
    package static func version(of details: InvoiceDetails) -> Int { details.payments == nil ? 1 : currentVersion }

    /// Whether the invoice has payments that the document does not list. They have to be read from its events.
    ///
    /// - Throws: what ``decode()`` throws.
    package func lacksPayments() throws -> Bool { try version == 1 && decode().payments == nil }

    /// - Throws: ``UnknownDocumentVersion`` for a document of a later version of this program; `DecodingError` when the
    ///   bytes are not what this program can have written.
    package func decode() throws -> InvoiceDetails {
        guard (1...Self.currentVersion).contains(version) else { throw UnknownDocumentVersion(version: version) }
        var details = try EventPayload(bytes: bytes).decode(InvoiceDetails.self)
        details.listPaymentsIfNone()
        return details
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
