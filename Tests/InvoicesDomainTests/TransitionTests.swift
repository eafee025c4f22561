import FoundationEssentials
import InvoicesDomain
import Testing

/// The transition table, cell by cell, against invoices that were brought into each situation.
@Suite struct TransitionTests {
    /// A situation, how to get there, and whether it allows to revise, issue, pay, reverse, refund and void.
    static let rows: [(situation: InvoiceSituation, steps: [Step], allowed: String)] = [
        (.draft, [], "yes yes no no no yes"),
        (.openUnpaid, [.issue], "no no yes no no yes"),
        (.openUnpaid, [.issue, .pay(100), .reverse], "no no yes no no yes"),
        (.openPartlyPaid, [.issue, .pay(60), .refund(20)], "no no yes yes yes no"),
        (.openPartlyPaid, [.issue, .pay(60), .pay(40), .reverse], "no no yes yes yes no"),
        (.openRefunded, [.issue, .pay(60), .refund(60)], "no no yes yes no yes"),
        (.openOverRefunded, [.issue, .pay(60), .pay(40), .refund(100), .reverse], "no no yes yes no no"),
        (.openUnpaidRefunded, [.issue, .pay(100), .refund(20), .reverse], "no no yes no no no"),
        (.closedKept, [.issue, .pay(100), .refund(20)], "no no no yes yes no"),
        (.closedKept, [.issue, .pay(100), .refund(20), .reverse, .pay(100)], "no no no yes yes no"),
        (.closedRefunded, [.issue, .pay(100), .refund(100)], "no no no yes no no"),
        (.void, [.issue, .void], "no no no no no no"),
        (.void, [.issue, .pay(60), .refund(60), .void], "no no no no no no"),
    ]

    enum Step: Sendable {
        /// `reverse` is of the first payment that is not reversed yet.
        case issue, pay(Int64), reverse, refund(Int64), void
    }

    static let now = Date(timeIntervalSince1970: 1_795_000_000)
    static let reason = Reason("a reason")!

    static func decide(_ action: InvoiceAction, on invoice: Invoice) throws -> [InvoiceEvent] {
        switch action {
        case .revise: try invoice.revise(InvoiceRevision(contents: .set(.amount(7))), at: now)
        case .issue: try invoice.issue(at: now)
        case .pay: try invoice.pay(payment(1), at: now)
        case .reverse: try invoice.reverse(kept(of: invoice), because: reason, at: now)
        case .refund: try invoice.refund(1, at: now)
        case .void: try invoice.void(because: reason, at: now)
        }
    }

    static func payment(_ amount: Int64) -> Payment { Payment(id: PaymentID(UUID()), amount: amount) }

    /// The first payment that is not reversed; one that does not exist when there is none.
    static func kept(of invoice: Invoice) -> PaymentID {
        invoice.details?.payments?.first { !$0.isReversed }?.id ?? PaymentID(UUID())
    }

    static func invoice(after steps: [Step]) throws -> Invoice {
        var invoice = Invoice()
        let new = NewInvoice(
            id: InvoiceID(UUID()), customer: CustomerID(UUID()), contents: .amount(100), currency: .euro, issuedIn: nil)
        var events = try invoice.create(new, at: now)
        for step in steps {
            for event in events { invoice.evolve(event) }
            events =
                switch step {
                case .issue: try invoice.issue(at: now)
                case .pay(let amount): try invoice.pay(payment(amount), at: now)
                case .reverse: try invoice.reverse(kept(of: invoice), because: reason, at: now)
                case .refund(let amount): try invoice.refund(amount, at: now)
                case .void: try invoice.void(because: reason, at: now)
                }
        }
        for event in events { invoice.evolve(event) }
        return invoice
    }

    @Test(arguments: rows)
    func `each situation allows these actions, and refuses the others with what it allows`(
        situation: InvoiceSituation, steps: [Step], allowed: String
    ) throws {
        let cells = allowed.split(separator: " ").map { $0 == "yes" }
        let invoice = try Self.invoice(after: steps)
        #expect(invoice.standing.situation == situation)
        let hasPayment = invoice.details?.payments?.contains { !$0.isReversed } == true
        let expected = zip(InvoiceAction.allCases, cells).filter(\.1).map(\.0)
        for (action, isAllowed) in zip(InvoiceAction.allCases, cells) {
            if isAllowed {
                #expect(try Self.decide(action, on: invoice).count == 1, "\(action)")
            } else if action == .reverse, !hasPayment {
                // What does not exist is not found, whatever the situation allows.
                let error = #expect(throws: InvoiceError.self) { try Self.decide(action, on: invoice) }
                guard case .paymentNotFound = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            } else {
                #expect(throws: InvoiceError.notAllowed(action, invoice.standing, allowed: expected), "\(action)") {
                    try Self.decide(action, on: invoice)
                }
            }
        }
    }

    @Test func `the table is complete`() {
        #expect(Set(Self.rows.map(\.situation)) == Set(InvoiceSituation.allCases))
        #expect(Self.rows.allSatisfy { $0.allowed.split(separator: " ").count == InvoiceAction.allCases.count })
    }

    @Test(arguments: InvoiceAction.allCases)
    func `an invoice that does not exist allows nothing`(_ action: InvoiceAction) {
        #expect(throws: InvoiceError.notFound) { try Self.decide(action, on: Invoice()) }
    }
}
