import FoundationEssentials
import InvoicesDomain
import Testing

@Suite struct RoundingTests {
    private func line(_ quantity: String, _ unitPrice: Int64, _ taxRate: Int64) throws -> InvoiceLine {
        let quantity = try #require(Quantity(quantity))
        let rate = try #require(TaxRate(basisPoints: taxRate))
        let description = try #require(InvoiceLine.Description("work"))
        return try #require(
            InvoiceLine(description: description, quantity: quantity, unitPrice: unitPrice, taxRate: rate))
    }

    private func terms(_ lines: [InvoiceLine]) throws -> InvoiceTerms {
        try InvoiceTerms(customer: CustomerID(UUID()), contents: .lines(lines), currency: .euro)
    }

    /// Computed by hand: quantity, unit price, rate, net, tax.
    @Test(
        arguments: [
            ("1", 100, 1900, 100, 19), ("1.5", 9_900, 1_900, 14_850, 2_822), ("1", 4_250, 700, 4_250, 298),
            ("0.001", 500, 0, 1, 0), ("0.001", 1_499, 0, 1, 0), ("0.001", 1_500, 0, 2, 0), ("0.333", 100, 0, 33, 0),
            ("0.335", 100, 0, 34, 0), ("1", 5, 1_000, 5, 1), ("1", 4, 1_000, 4, 0), ("3", 333, 10_000, 999, 999),
            ("1000000", 50_000, 10_000, 50_000_000_000, 50_000_000_000),
        ] as [(String, Int64, Int64, Int64, Int64)])
    func `a line's net and tax are rounded half up`(
        quantity: String, price: Int64, rate: Int64, net: Int64, tax: Int64
    ) throws {
        let terms = try terms([line(quantity, price, rate)])
        #expect(terms.lines.map(\.netAmount) == [net])
        #expect(terms.lines.map(\.taxAmount) == [tax])
        #expect([terms.netAmount, terms.taxAmount, terms.amount] == [net, tax, net + tax])
        #expect(terms.roundingRule == "line-half-up.v1")
    }

    @Test func `totals are the sums of rounded lines, and not rounded sums`() throws {
        let terms = try terms((0..<3).map { _ in try line("0.335", 100, 1_900) })
        // 33.5 is 34 for each line, and 6.46 is 6; the sums would be 100.5 and 19.1.
        #expect([terms.netAmount, terms.taxAmount, terms.amount] == [102, 18, 120])
    }

    @Test func `the largest lines that can be written are refused without overflowing`() throws {
        let largest = try line("1000000", Money.largestInvoice, 10_000)
        #expect(throws: InvoiceError.amountOutOfRange(200_000_000_000_000_000, largest: Money.largestInvoice)) {
            try terms([largest])
        }
        // 2 × 10¹⁹ is more than 64 bits hold, and told as the most that they do.
        #expect(throws: InvoiceError.amountOutOfRange(.max, largest: Money.largestInvoice)) {
            try terms(Array(repeating: largest, count: 100))
        }
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

    @Test func `a plain amount is net and total, and nothing is computed`() throws {
        let terms = try InvoiceTerms(customer: CustomerID(UUID()), contents: .amount(1250), currency: .euro)
        #expect([terms.netAmount, terms.taxAmount, terms.amount] == [1250, 0, 1250])
        #expect(terms.lines.isEmpty)
        #expect(terms.roundingRule == nil)
    }
}
