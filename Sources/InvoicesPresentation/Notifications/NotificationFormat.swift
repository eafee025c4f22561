import HTTPConventions
import InvoicesApplication
import InvoicesDomain

/// How amounts and days are written in a language.
struct NotificationFormat {
    private let language: NotificationLanguage

    init(_ language: NotificationLanguage) { self.language = language }

    /// What templates name, as plain text on one line. What is not known is left out.
    func members(of values: NotificationValues) -> [String: any Sendable] {
        func amount(_ minorUnits: Int64) -> String {
            let digits = HTML.digits(minorUnits, in: values.currency)
            return (language == .german ? digits.replacing(".", with: ",") : digits) + "\u{A0}\(values.currency)"
        }
        let texts: [String: String?] = [
            "number": values.number?.description ?? values.invoiceId.description,
            "customer": values.customerId.description, "reference": values.reference,
            "total": amount(values.total), "due": amount(values.due), "issueDate": values.issueDate.map(day),
            "dueDate": values.dueDate.map(day), "payment": values.payment.map { amount($0.amount) },
            "paymentDay": values.payment.map { day($0.day) }, "paymentReference": values.payment?.reference,
            "reason": values.payment?.reason,
        ]
        var members: [String: any Sendable] = ["isSettled": values.due == 0]
        for case (let name, let text?) in texts { members[name] = Self.line(text) }
        return members
    }

    private func day(_ day: CalendarDate) -> String {
        guard language == .german else { return day.description }
        let parts = day.description.split(separator: "-")
        return parts.reversed().joined(separator: ".")
    }

    /// Without what breaks the line, which events of the first versions may have: a line of its own would be read as one
    /// of the template's.
    private static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
            default: line.append(scalar)
            }
        }
        return String(line)
    }
}
