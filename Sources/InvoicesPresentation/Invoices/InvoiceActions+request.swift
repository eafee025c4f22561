import HTTPConventions
import InvoicesDomain

/// What a request to issue a draft says.
struct Issue: Hashable, Sendable {
    var series = InvoiceSeries.standard
    /// Nil for today.
    var date: CalendarDate?
}

extension Issue {
    /// Reads the body of a request to issue a draft.
    ///
    /// - Throws: a ``Problem`` with everything that is wrong with the body.
    init(_ json: JSON) throws(Problem) {
        var body = try ObjectReader(json)
        let series = body.optional("series", as: .series)
        let date = body.optional("issueDate", as: .date)
        if let problem = body.problem() { throw problem }
        self.init(series: series ?? .standard, date: date)
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
    ///
    /// - Throws: a ``Problem`` with everything that is wrong with the body.
    init(_ json: JSON) throws(Problem) {
        var body = try ObjectReader(json)
        let amount = body.optional("amount", as: .amount)
        let reason = body.optional("reason", as: .reason)
        if let problem = body.problem() { throw problem }
        self.init(amount: amount, reason: reason)
    }
}

extension Reason {
    /// Reads the body of a request whose only member is a reason.
    ///
    /// - Throws: a ``Problem`` when there is no body, or with everything that is wrong with it.
    init(requiredBy json: JSON?) throws(Problem) {
        guard let json else {
            throw Problem(.malformedJSON, "The body is empty. Send an object with the reason.")
        }
        var body = try ObjectReader(json)
        let reason = body.required("reason", as: .reason)
        if let problem = body.problem() { throw problem }
        guard let reason else { throw Problem(.validationFailed) }
        self = reason
    }
}

extension MemberFormat where Value == Reason {
    fileprivate static let reason = text(
        "Send 1 to \(Reason.longest) characters on one line, not only spaces.", else: .invalidReason, read: Reason.init)
}
