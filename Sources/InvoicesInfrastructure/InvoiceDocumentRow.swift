import EventSourcing
import InvoicesApplication
import InvoicesDomain
import LibPQ

/// The columns of the table `invoices` that make an ``InvoicesApplication/InvoiceDocument``.
enum InvoiceDocumentRow {
    /// Whether an invoice can be overdue, with a due date. In these words it is the condition of an index.
    static let isDue = "state = 'open' and due_amount > 0"

    /// - Parameter form: of the parameter with the version of the form that the document has to have.
    static func columns(form: String) -> String {
        """
        id, revision, case when \(isDue) then due_date end, \
        case when document_form = \(form) and document_revision = revision then document end
        """
    }

    /// The document in the next columns of a row.
    ///
    /// - Returns: the document; when none is kept that can be used, the invoice of which it is to be written.
    static func read(_ columns: inout PostgresRow.Columns) throws -> Kept {
        let (id, revision) = (InvoiceID(try columns.next()), Revision(try columns.next()))
        let dueDay = try columns.next(PostgresDate?.self).flatMap(CalendarDate.init)
        guard let text = try columns.next(String?.self) else { return .missing(id) }
        return .document(InvoiceDocument(id: id, revision: revision, dueDay: dueDay, text: text))
    }

    enum Kept {
        case document(InvoiceDocument)
        case missing(InvoiceID)
    }
}
