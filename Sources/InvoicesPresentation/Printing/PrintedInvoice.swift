import EventSourcing
import HTTPConventions
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain
import Mustache

/// An invoice as a page for people, to be read and printed.
struct PrintedInvoice: Sendable {
    private let template: MustacheTemplate

    /// - Throws: when the template that is built in cannot be parsed.
    init() throws {
        template = try MustacheTemplate(
            string: String(decoding: PackageResources.invoice_mustache, as: UTF8.self))
    }

    /// - Parameter day: what is due before it is overdue.
    func answer(_ invoice: InvoiceView, on day: CalendarDate) -> Response {
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8",
            .eTag: EntityTag.printed(EntityTag.text(for: invoice.revision)), .vary: "Accept",
            // The page needs nothing from anywhere, and runs nothing.
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'",
        ]
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html(invoice, on: day))))
    }

    /// - Parameter day: what is due before it is overdue.
    func html(_ invoice: InvoiceView, on day: CalendarDate) -> String {
        template.render(Self.members(invoice, on: day))
    }

    /// The tax of each rate and what it is on, the highest rate first.
    private static func taxes(of lines: [PricedLine]) -> [(rate: Int64, net: Int64, tax: Int64)] {
        Dictionary(grouping: lines, by: \.taxRate)
            .map { ($0, $1.map(\.netAmount).reduce(0, +), $1.map(\.taxAmount).reduce(0, +)) }
            .sorted { $0.0 > $1.0 }
    }

    /// What the template names. Every text in it is HTML already, so that the template takes all of them as they are.
    private static func members(_ invoice: InvoiceView, on day: CalendarDate) -> [String: any Sendable] {
        let (terms, standing) = (invoice.terms, invoice.standing)
        let heading = invoice.number?.description ?? (standing.state == .draft ? "Not issued yet" : "Without a number")
        let state = invoice.isOverdue(on: day) ? "overdue" : standing.state.rawValue
        func amount(_ minorUnits: Int64) -> String { HTML.amount(minorUnits, in: terms.currency) }
        let facts: [(String, String?)] = [
            ("Customer", terms.customerId.description), ("Reference", terms.reference?.rawValue),
            ("Issued", invoice.issuedAt.map { CalendarDate(inUTC: $0).description }),
            ("Due", terms.dueDate?.description), ("Payment", standing.paymentStatus.words),
            ("Paid in full", invoice.paidAt.map { CalendarDate(inUTC: $0).description }),
        ]
        var totals: [(String, Int64, String)] = []
        if !terms.lines.isEmpty { totals.append(("Net", terms.netAmount, "")) }
        totals += taxes(of: terms.lines).map { rate, net, tax in
            ("Tax, \(HTML.percent(rate)) of \(HTML.digits(net, in: terms.currency))", tax, "")
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
                    "description": HTML.escaped(line.description.rawValue), "quantity": line.quantity.description,
                    "unitPrice": HTML.digits(line.unitPrice, in: terms.currency),
                    "taxRate": HTML.percent(line.taxRate), "net": HTML.digits(line.netAmount, in: terms.currency),
                ]
            },
            "totals": totals.map { ["name": $0.0, "amount": amount($0.1), "style": $0.2] },
            "hasNote": invoice.voidedAt != nil,
            "note": invoice.voidedAt.map { time in
                HTML.escaped("Voided on \(CalendarDate(inUTC: time)): \(invoice.voidReason ?? "")")
            } ?? "",
            "footer": HTML.escaped(
                "Invoice \(invoice.id), revision \(invoice.revision), as of \(day). Days are those of UTC."),
        ]
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
