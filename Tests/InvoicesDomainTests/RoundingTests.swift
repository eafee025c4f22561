import EventSourcing
import FoundationEssentials
import InvoicesDomain
import Testing

@Suite struct RoundingTests {
    private func line(_ quantity: String, _ unitPrice: String, _ taxRate: Int64) throws -> InvoiceLine {
        let quantity = try #require(Quantity(quantity))
        let rate = try #require(TaxRate(basisPoints: taxRate))
        let description = try #require(InvoiceLine.Description("work"))
        let price = try #require(UnitPrice(unitPrice))
        return InvoiceLine(description: description, quantity: quantity, unitPrice: price, taxRate: rate)
    }

    private func line(_ quantity: String, _ unitPrice: Int64, _ taxRate: Int64) throws -> InvoiceLine {
        try line(quantity, String(unitPrice), taxRate)
    }

    private func terms(_ lines: [InvoiceLine], _ rule: RoundingRule = .lineHalfUp) throws -> InvoiceTerms {
        try InvoiceTerms(customer: CustomerID(UUID()), contents: .lines(lines), currency: .euro, roundedBy: rule)
    }

    /// Computed by hand: quantity, unit price, rate, net, tax.
    @Test(
        arguments: [
            ("1", "100", 1900, 100, 19), ("1.5", "9900", 1_900, 14_850, 2_822), ("1", "4250", 700, 4_250, 298),
            ("0.001", "500", 0, 1, 0), ("0.001", "1499", 0, 1, 0), ("0.001", "1500", 0, 2, 0),
            ("0.333", "100", 0, 33, 0), ("0.335", "100", 0, 34, 0), ("1", "5", 1_000, 5, 1), ("1", "4", 1_000, 4, 0),
            ("3", "333", 10_000, 999, 999),
            ("1000000", "40000", 10_000, 40_000_000_000, 40_000_000_000),
            // Finer than a minor unit.
            ("1000", "0.1255", 1_900, 126, 24), ("3", "0.5", 0, 2, 0), ("2.5", "0.2", 10_000, 1, 1),
            ("1000000", "0.000001", 0, 1, 0), ("400000", "0.000001", 0, 0, 0), ("0.001", "0.000001", 0, 0, 0),
            ("1000000", "89999.999999", 0, 89_999_999_999, 0), ("812.5", "31.4159", 1_900, 25_525, 4_850),
        ] as [(String, String, Int64, Int64, Int64)])
    func `a line's net and tax are rounded half up`(
        quantity: String, price: String, rate: Int64, net: Int64, tax: Int64
    ) throws {
        // Beside a line that is worth something, so that the total is.
        let terms = try terms([line(quantity, price, rate), line("1", 1_000, 1)])
        #expect(terms.lines[0].netAmount == net)
        #expect(terms.lines[0].taxAmount == tax)
        #expect(terms.roundingRule == "line-half-up.v1")
        // The line that takes it off comes to the same, below 0, whichever of its parts is negative.
        let off = try [line("-" + quantity, price, rate), line(quantity, "-" + price, rate)]
        for off in off {
            let both = try self.terms([line(quantity, price, rate), off, line("1", 1_000, 1)])
            #expect(both.lines[1].netAmount == -net)
            #expect(both.lines[1].taxAmount == -tax)
            #expect(both.amount == 1_000)
        }
    }

    // MARK: Tax by rate

    @Test func `ten lines of 2 × 348.11 at 25 percent are taxed 1740.60 by line, and 1740.55 by rate`() throws {
        let lines = try Array(repeating: line("2", 348_11, 2_500), count: 10)
        let byLine = try terms(lines)
        #expect([byLine.netAmount, byLine.taxAmount, byLine.amount] == [6_962_20, 1_740_60, 8_702_80])
        #expect(byLine.taxTotals == [TaxTotal(taxRate: 2_500, netAmount: 6_962_20, taxAmount: 1_740_60)])
        let byRate = try terms(lines, .rateHalfUp)
        #expect([byRate.netAmount, byRate.taxAmount, byRate.amount] == [6_962_20, 1_740_55, 8_702_75])
        #expect(byRate.taxTotals == [TaxTotal(taxRate: 2_500, netAmount: 6_962_20, taxAmount: 1_740_55)])
        #expect(byRate.roundingRule == "rate-half-up.v1")
        #expect(byRate.lines.allSatisfy { $0.taxAmount == nil && $0.netAmount == 696_22 })
    }

    @Test(arguments: RoundingRule.allCases)
    func `the totals of each rate add up, the highest rate first`(_ rule: RoundingRule) throws {
        let terms = try terms(
            [line("1", 333, 700), line("1", 333, 1_900), line("1", 333, 700), line("1", 100, 0)], rule)
        // 7 % of 333 is 23.31 and of 666 46.62; 19 % of 333 is 63.27.
        let sevenPercent: Int64 = rule == .lineHalfUp ? 46 : 47
        #expect(
            terms.taxTotals == [
                TaxTotal(taxRate: 1_900, netAmount: 333, taxAmount: 63),
                TaxTotal(taxRate: 700, netAmount: 666, taxAmount: sevenPercent),
                TaxTotal(taxRate: 0, netAmount: 100, taxAmount: 0),
            ])
        #expect(terms.taxTotals[1].amount == 666 + sevenPercent)
        #expect([terms.netAmount, terms.taxAmount] == [1_099, 63 + sevenPercent])
    }

    @Test func `tax by rate is rounded half away from zero, once`() throws {
        for (net, tax) in [(2, 1), (1, 0), (3, 1), (6, 2)] as [(Int64, Int64)] {
            // 25 % of 2 is 0.5.
            #expect(try terms([line("1", net, 2_500)], .rateHalfUp).taxAmount == tax)
        }
        let lines = try Array(repeating: line("1", 1, 2_500), count: 10)
        #expect(try terms(lines, .rateHalfUp).taxAmount == 3)
        #expect(try terms(lines, .lineHalfUp).taxAmount == 0)
    }

    @Test func `totals are the sums of rounded lines, and not rounded sums`() throws {
        let terms = try terms((0..<3).map { _ in try line("0.335", 100, 1_900) })
        // 33.5 is 34 for each line, and 6.46 is 6; the sums would be 100.5 and 19.1.
        #expect([terms.netAmount, terms.taxAmount, terms.amount] == [102, 18, 120])
    }

    // MARK: Discounts

    @Test(arguments: RoundingRule.allCases)
    func `a line takes off at most what the others of its rate come to, and the total is above zero`(
        _ rule: RoundingRule
    ) throws {
        let goods = try [line("2", 500, 1_900), line("1", 300, 700)]
        let discounted = try terms(goods + [line("1", -400, 1_900), line("-1", 300, 700)], rule)
        #expect([discounted.netAmount, discounted.taxAmount, discounted.amount] == [600, 114, 714])
        #expect(discounted.taxTotals.map(\.netAmount) == [600, 0])
        #expect(throws: InvoiceError.linesRefused([.creditTooLarge(line: 3, taxRate: 1_900, net: -1)])) {
            try terms(goods + [line("1", -600, 1_900), line("1", -401, 1_900)], rule)
        }
        #expect(throws: InvoiceError.linesRefused([.creditTooLarge(line: 2, taxRate: 1_600, net: -1)])) {
            try terms(goods + [line("1", -1, 1_600)], rule)
        }
        let faults: [InvoiceLineFault] = [
            .creditTooLarge(line: 2, taxRate: 1_900, net: -1), .creditTooLarge(line: 3, taxRate: 700, net: -2),
        ]
        #expect(throws: InvoiceError.linesRefused(faults)) {
            try terms(goods + [line("1", -1_001, 1_900), line("1", -302, 700)], rule)
        }
        // The order of lines does not matter.
        #expect(try terms([line("1", -400, 1_900)] + goods, rule).netAmount == 900)
        #expect(throws: InvoiceError.amountOutOfRange(0, largest: Money.largestInvoice)) {
            try terms(goods + [line("-2", 500, 1_900), line("1", -300, 700)], rule)
        }
    }

    @Test func `the rounded taxes of a rate do not come to less than zero`() throws {
        // 25 % of 1 is nothing, four times; of -4 it is -1.
        let lines = try (0..<4).map { _ in try line("1", 1, 2_500) } + [line("1", -4, 2_500), line("1", 100, 0)]
        #expect(throws: InvoiceError.linesRefused([.negativeTax(taxRate: 2_500, tax: -1)])) { try terms(lines) }
        #expect(try terms(lines, .rateHalfUp).amount == 100)
    }

    // MARK: Revising

    private func draft(_ contents: InvoiceContents, _ rule: RoundingRule) throws -> Invoice {
        let new = NewInvoice(
            id: InvoiceID(UUID()), customer: CustomerID(UUID()), contents: contents, currency: .euro, roundedBy: rule,
            issuedIn: nil)
        return Invoice(folding: try Invoice().create(new, at: Date()))
    }

    private func revised(_ invoice: Invoice, _ revision: InvoiceRevision) throws -> InvoiceTerms? {
        var invoice = invoice
        for event in try invoice.revise(revision, at: Date()) { invoice.evolve(event) }
        return invoice.details?.terms
    }

    @Test func `a draft is rounded by another rule, and its lines are kept`() throws {
        let invoice = try draft(.lines(Array(repeating: line("2", "34811.1", 2_500), count: 10)), .lineHalfUp)
        let other = try #require(try revised(invoice, InvoiceRevision(roundingRule: .set(.rateHalfUp))))
        #expect(other.roundingRule == "rate-half-up.v1")
        #expect(other.taxAmount == 1_740_55)
        #expect(other.lines.map(\.unitPrice) == invoice.details?.terms.lines.map(\.unitPrice))
        #expect(try invoice.revise(InvoiceRevision(roundingRule: .set(.lineHalfUp)), at: Date()).isEmpty)
    }

    @Test func `new lines of a draft are rounded as the others were, or as is stated, or as the service does`() throws {
        let lines = InvoiceContents.lines(try [line("1", 1, 2_500)])
        let plain = try draft(.amount(1), .lineHalfUp)
        let lined = try draft(lines, .rateHalfUp)
        func rule(_ invoice: Invoice, _ revision: InvoiceRevision) throws -> String? {
            try revised(invoice, revision)?.roundingRule
        }
        #expect(try rule(lined, InvoiceRevision(contents: .set(lines))) == "rate-half-up.v1")
        #expect(
            try rule(lined, InvoiceRevision(contents: .set(lines), roundingRule: .set(.lineHalfUp)))
                == "line-half-up.v1")
        #expect(
            try rule(plain, InvoiceRevision(contents: .set(lines), defaultRoundingRule: .rateHalfUp))
                == "rate-half-up.v1")
        #expect(try rule(lined, InvoiceRevision(contents: .set(.amount(5)))) == nil)
        #expect(throws: InvoiceError.nothingToRound) {
            try revised(plain, InvoiceRevision(roundingRule: .set(.rateHalfUp)))
        }
    }

    // MARK: Bounds

    @Test(arguments: RoundingRule.allCases)
    func `the largest lines that can be written are refused without overflowing`(_ rule: RoundingRule) throws {
        for sign in ["", "-"] {
            let largest = try line(sign + "1000000", Money.largestInvoice, 10_000)
            let net = Int64(sign + "100000000000000000")!
            for count in [1, 100] {
                let faults = (0..<count).map { InvoiceLineFault.outOfRange(line: $0, net: net) }
                #expect(throws: InvoiceError.linesRefused(faults)) {
                    try terms(Array(repeating: largest, count: count), rule)
                }
            }
        }
        // As much as 100 lines can come to: 2 × 10¹³.
        let largest = try line("1", Money.largestInvoice, 10_000)
        #expect(throws: InvoiceError.amountOutOfRange(20_000_000_000_000, largest: Money.largestInvoice)) {
            try terms(Array(repeating: largest, count: 100), rule)
        }
        let discounted = try [largest, line("-1", Money.largestInvoice, 10_000), line("1", 1, 10_000)]
        #expect(try terms(discounted, rule).amount == 2)
    }

    @Test func `the total of lines is between 1 and the largest amount, and there are 1 to 100 of them`() throws {
        #expect(try terms([line("1", Money.largestInvoice, 0)]).amount == Money.largestInvoice)
        #expect(throws: InvoiceError.amountOutOfRange(Money.largestInvoice + 1, largest: Money.largestInvoice)) {
            try terms([line("1", Money.largestInvoice, 0), line("1", 1, 0)])
        }
        #expect(throws: InvoiceError.amountOutOfRange(0, largest: Money.largestInvoice)) {
            try terms([line("1", 0, 1)])
        }
        for count in [0, 101] {
            #expect(throws: InvoiceError.wrongNumberOfLines(count)) {
                try terms(Array(repeating: line("1", 1, 0), count: count))
            }
        }
        #expect(try terms(Array(repeating: line("1", 1, 0), count: 100)).amount == 100)
    }

    @Test(arguments: RoundingRule.allCases)
    func `a plain amount is net and total, and nothing is computed`(_ rule: RoundingRule) throws {
        let terms = try InvoiceTerms(
            customer: CustomerID(UUID()), contents: .amount(1250), currency: .euro, roundedBy: rule)
        #expect([terms.netAmount, terms.taxAmount, terms.amount] == [1250, 0, 1250])
        #expect(terms.lines.isEmpty)
        #expect(terms.taxTotals.isEmpty)
        #expect(terms.roundingRule == nil)
    }
}
