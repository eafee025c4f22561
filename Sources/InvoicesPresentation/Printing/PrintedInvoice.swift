import EventSourcing
import FoundationEssentials
import HTTPConventions
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain
import Mustache

/// An invoice as a page for people, to be read and printed.
struct PrintedInvoice: Sendable {
    private let template: MustacheTemplate
    private let calendar: BusinessCalendar

    /// - Parameter calendar: on which days things have happened.
    /// - Throws: when the template that is built in cannot be parsed.
    init(_ calendar: BusinessCalendar = .utc) throws {
        self.calendar = calendar
        template = try MustacheTemplate(
            string: String(decoding: PackageResources.invoice_mustache, as: UTF8.self))
    }

    /// - Parameter day: what is due before it is overdue.
    func answer(_ invoice: InvoiceView, on day: CalendarDate) -> Response {
        let html = Array(html(invoice, on: day).utf8)
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8",
            .eTag: EntityTag.Subject.resource(invoice.revision).tag(of: html), .vary: "Accept",
            // The page needs nothing from anywhere, and runs nothing.
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'",
        ]
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: html)))
    }

    /// - Parameter day: what is due before it is overdue.
    func html(_ invoice: InvoiceView, on day: CalendarDate) -> String {
        template.render(members(invoice, on: day))
    }

    /// What the template names. Every text in it is HTML already, so that the template takes all of them as they are.
    private func members(_ invoice: InvoiceView, on day: CalendarDate) -> [String: any Sendable] {
        let (terms, standing) = (invoice.terms, invoice.standing)
        let heading = invoice.number?.description ?? (standing.state == .draft ? "Not issued yet" : "Without a number")
        let state = invoice.isOverdue(on: day) ? "overdue" : standing.state.rawValue
        func dayName(of time: Date?) -> String? { time.map { calendar.day(at: $0).description } }
        func amount(_ minorUnits: Int64) -> String { HTML.amount(minorUnits, in: terms.currency) }
        let facts: [(String, String?)] = [
            ("Customer", terms.customerId.description), ("Reference", terms.reference?.rawValue),
            ("Issued", invoice.issueDate?.description),
            ("Due", terms.dueDate?.description), ("Payment", standing.paymentStatus.words),
            ("Paid in full", dayName(of: invoice.paidAt)),
        ]
        var totals: [(String, Int64, String)] = []
        if !terms.lines.isEmpty { totals.append(("Net", terms.netAmount, "")) }
        totals += terms.taxTotals.map { total in
            let net = HTML.digits(total.netAmount, in: terms.currency)
            return ("Tax, \(HTML.percent(total.taxRate)) of \(net)", total.taxAmount, "")
        }
        totals.append(("Total", terms.amount, "sum"))
        if standing.paid > 0 { totals.append(("Paid", standing.paid, "")) }
        if standing.refunded > 0 { totals.append(("Refunded", standing.refunded, "")) }
        if standing.state != .void { totals.append(("Due", standing.due, "due")) }
        return [
            "title": HTML.escaped("\(standing.state == .draft ? "Draft" : "Invoice") \(heading)"),
            "kind": standing.state == .draft ? "Draft of an invoice" : "Invoice", "heading": HTML.escaped(heading),
            "status": HTML.escaped(state.prefix(1).uppercased() + state.dropFirst()),
            "statusClass": HTML.escaped(state),
            "currency": HTML.escaped(terms.currency), "hasLines": !terms.lines.isEmpty,
            "facts": facts.compactMap { name, value in
                value.map { ["name": name, "value": HTML.escaped($0)] }
            },
            "lines": terms.lines.map { line in
                [
                    "description": HTML.escaped(line.description.rawValue), "quantity": HTML.digits(line.quantity),
                    "unitPrice": HTML.digits(line.unitPrice, in: terms.currency),
                    "taxRate": HTML.percent(line.taxRate), "net": HTML.digits(line.netAmount, in: terms.currency),
                ]
            },
            "totals": totals.map { ["name": $0.0, "amount": amount($0.1), "style": $0.2] },
            "hasPayments": invoice.payments?.isEmpty == false,
            "payments": (invoice.payments ?? []).map { payment in
                [
                    "what": HTML.escaped(payment.words(in: calendar)), "amount": amount(payment.amount),
                    "style": payment.isReversed ? "reversed" : "",
                ]
            },
            "hasNote": invoice.voidedAt != nil,
            "note": dayName(of: invoice.voidedAt).map { day in
                HTML.escaped("Voided on \(day): \(invoice.voidReason ?? "")")
            } ?? "",
            "footer": HTML.escaped(
                "Invoice \(invoice.id), revision \(invoice.revision), as of \(day). Days are those of \(calendar.zoneName)."
            ),
        ]
    }
}

extension ReceivedPayment {
    /// When and how it was paid, and whether it was reversed.
    fileprivate func words(in calendar: BusinessCalendar) -> String {
        let method = method.map { PaymentMethod(rawValue: $0)?.words ?? $0 }
        let paid = [calendar.day(at: paidAt).description, method, reference].compactMap(\.self)
            .joined(separator: ", ")
        guard let reversedAt else { return paid }
        return "\(paid). Reversed on \(calendar.day(at: reversedAt)): \(reversalReason ?? "")"
    }
}

extension PaymentMethod {
    /// As people say it.
    fileprivate var words: String {
        switch self {
        case .card: "card"
        case .bankTransfer: "bank transfer"
        case .cash: "cash"
        case .directDebit: "direct debit"
        case .other: "other"
        }
    }
}

extension PaymentStatus {
    /// As people say it.
    fileprivate var words: String {
        switch self {
        case .unpaid: "Unpaid"
        case .partiallyPaid: "Partially paid"
        case .paid: "Paid"
        case .partiallyRefunded: "Partially refunded"
        case .refunded: "Refunded"
        }
    }
}
