import EventSourcingTesting
import FoundationEssentials
import InvoicesDomain
import Testing

/// What holds whatever happens, over histories that a seed determines.
@Suite struct InvoiceHistoryTests {
    static let now = Date(timeIntervalSince1970: 1_795_000_000)

    /// Amounts of all sizes, the bounds and what is beyond them included.
    private static func amount(_ random: inout SeededGenerator) -> Int64 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: [Int64.min, -1, 0, Money.largestInvoice + 1, .max].randomElement(using: &random)!
        case 1: Money.largestInvoice
        case 2...5: Int64.random(in: 1...100, using: &random)
        default: Int64.random(in: 1...Money.largestInvoice, using: &random)
        }
    }

    private static func contents(_ random: inout SeededGenerator) -> InvoiceContents {
        guard Bool.random(using: &random) else { return .amount(amount(&random)) }
        let large = Int.random(in: 0..<4, using: &random) == 0
        let lines = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            let sign: Int64 = Int.random(in: 0..<4, using: &random) == 0 ? -1 : 1
            let quantity = Int64.random(in: 1...(large ? Quantity.range.upperBound : 5_000), using: &random)
            let whole = Int64.random(in: 0...(large ? Money.largestInvoice - 1 : 20_000), using: &random)
            let fraction = Bool.random(using: &random) ? "" : ".\(Int.random(in: 0...999_999, using: &random))"
            let rates: [Int64] = [0, 700, 1_900, 2_500, 10_000]
            return InvoiceLine(
                description: InvoiceLine.Description("work")!, quantity: Quantity(thousandths: sign * quantity)!,
                unitPrice: UnitPrice("\(whole)\(fraction)")!,
                taxRate: TaxRate(basisPoints: rates.randomElement(using: &random)!)!)
        }
        return .lines(lines)
    }

    private static func payment(_ amount: Int64?) -> Payment { Payment(id: PaymentID(UUID()), amount: amount) }

    /// Decides something at random; nil when it is refused.
    private static func events(on invoice: Invoice, _ random: inout SeededGenerator) -> [InvoiceEvent]? {
        let some = Bool.random(using: &random) ? nil : amount(&random)
        return switch Int.random(in: 0..<14, using: &random) {
        case 0..<2:
            try? invoice.revise(
                InvoiceRevision(
                    contents: Bool.random(using: &random) ? .keep : .set(contents(&random)),
                    roundingRule: .set(RoundingRule.allCases.randomElement(using: &random)!)), at: now)
        case 2..<4: try? invoice.issue(at: now)
        case 4..<8: try? invoice.pay(payment(some.map { min($0, max(invoice.standing.due, 1)) }), at: now)
        case 8..<11: try? invoice.refund(some.map { min($0, max(invoice.standing.kept, 1)) }, at: now)
        case 11..<13:
            (invoice.details?.payments?.randomElement(using: &random)?.id).flatMap {
                try? invoice.reverse($0, because: Reason("bounced")!, at: now)
            }
        default: try? invoice.void(because: Reason("a reason")!, at: now)
        }
    }

    private static func check(_ invoice: Invoice, seed: UInt64) {
        guard let terms = invoice.details?.terms else { return }
        let standing = invoice.standing
        #expect(standing.total == terms.amount, "seed \(seed)")
        #expect(standing.paid + standing.due == standing.total, "seed \(seed)")
        #expect((0...standing.total).contains(standing.paid), "seed \(seed)")
        #expect((0...standing.total).contains(standing.refunded), "seed \(seed)")
        let payments = invoice.details?.payments ?? []
        #expect(payments.filter { !$0.isReversed }.reduce(0) { $0 + $1.amount } == standing.paid, "seed \(seed)")
        #expect((invoice.details?.paidAt != nil) == (standing.state == .closed), "seed \(seed)")
        #expect((1...Money.largestInvoice).contains(terms.amount), "seed \(seed)")
        #expect(terms.netAmount + terms.taxAmount == terms.amount, "seed \(seed)")
        if !terms.lines.isEmpty {
            #expect(terms.lines.reduce(0) { $0 + $1.netAmount } == terms.netAmount, "seed \(seed)")
            let taxes = terms.taxTotals
            #expect(taxes.map(\.taxRate) == Set(terms.lines.map(\.taxRate)).sorted(by: >), "seed \(seed)")
            #expect(taxes.reduce(0) { $0 + $1.netAmount } == terms.netAmount, "seed \(seed)")
            #expect(taxes.reduce(0) { $0 + $1.taxAmount } == terms.taxAmount, "seed \(seed)")
            #expect(taxes.allSatisfy { $0.netAmount >= 0 && $0.taxAmount >= 0 }, "seed \(seed)")
            let ofLines = terms.lines.compactMap(\.taxAmount)
            #expect(ofLines.count == (terms.roundingRule == "line-half-up.v1" ? terms.lines.count : 0), "seed \(seed)")
            if !ofLines.isEmpty { #expect(ofLines.reduce(0, +) == terms.taxAmount, "seed \(seed)") }
        }
        switch standing.state {
        case .draft: #expect(standing.paymentStatus == .unpaid, "seed \(seed)")
        case .open: #expect(standing.due > 0, "seed \(seed)")
        case .closed: #expect(standing.due == 0, "seed \(seed)")
        case .void: #expect(standing.kept == 0, "seed \(seed)")
        }
        let isPaidInFull = [.paid, .refunded, .partiallyRefunded].contains(standing.paymentStatus)
        if standing.state == .closed {
            #expect(isPaidInFull, "seed \(seed)")
            #expect(standing.kept >= 0, "seed \(seed)")
        }
        let hasRefund = standing.refunded > 0 && standing.paid > 0
        #expect(hasRefund == [.refunded, .partiallyRefunded].contains(standing.paymentStatus), "seed \(seed)")
    }

    @Test func `nothing is lost or made up in a thousand histories`() throws {
        var reached: Set<InvoiceSituation> = []
        for seed in UInt64(0)..<1_000 {
            var random = SeededGenerator(seed: seed)
            var invoice = Invoice()
            let new = NewInvoice(
                id: InvoiceID(UUID()), customer: CustomerID(UUID()), contents: Self.contents(&random), currency: .euro,
                roundedBy: RoundingRule.allCases.randomElement(using: &random)!,
                issuedIn: Bool.random(using: &random) ? .standard : nil)
            for event in (try? invoice.create(new, at: Self.now)) ?? [] { invoice.evolve(event) }
            for _ in 0..<20 {
                for event in Self.events(on: invoice, &random) ?? [] { invoice.evolve(event) }
                Self.check(invoice, seed: seed)
                if invoice.details != nil { reached.insert(invoice.standing.situation) }
            }
        }
        #expect(reached == Set(InvoiceSituation.allCases))
    }
}
