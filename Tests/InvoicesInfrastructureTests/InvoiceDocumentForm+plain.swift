import InvoicesApplication

extension InvoiceDocumentForm {
    /// A form that says which invoice it is and how far it has come.
    static let plain = InvoiceDocumentForm(version: 1) { "\($0.id) at \($0.revision)" }
}
