import EventSourcing
import HTTPConventions
import InvoicesDomain

/// The body of a request to issue a draft.
struct Issue: Hashable, Sendable {
    var series = InvoiceSeries.standard
    /// Nil for today.
    var date: CalendarDate?
}

extension Issue {
    /// Reads the body of a request to issue a draft.
    init(issuing body: inout ObjectReader) {
        self.init(
            series: body.optional("series", as: .series, default: .standard),
            date: body.optional("issueDate", as: .date))
    }
}

/// What a request to give money back says.
struct Refund: Hashable, Sendable {
    /// In minor units; nil for all that is kept.
    var amount: Int64?
    var reason: Reason?
}

extension Refund {
    /// Reads the body of a request to refund payments.
    init(_ body: inout ObjectReader) {
        amount = body.optional("amount", as: .amount)
        reason = body.optional("reason", as: .reason)
    }
}

extension Reason {
    /// Reads the body of a request whose only member is a reason.
    init?(requiredBy body: inout ObjectReader) {
        guard let reason = body.required("reason", as: .reason) else { return nil }
        self = reason
    }
}

extension MemberFormat where Value == Reason {
    fileprivate static let reason = text(
        "Send 1 to \(Reason.longest) characters on one line, not only blanks.", else: .invalidReason, read: Reason.init)
}
