import EventSourcing
import HTTPConventions
import InvoicesDomain

extension MemberFormat where Value == CustomerID {
    static let customerID = text("Send the customer's UUID, as a string.", else: .notAUUID) { text in
        CustomerID(text)
    }
}

extension MemberFormat where Value == PaymentID {
    static let paymentID = text("Send the payment's UUID, as a string.", else: .notAUUID) { text in PaymentID(text) }
}

extension MemberFormat where Value == Int64 {
    /// An amount in minor units.
    static let amount = integer(in: RequestLimits.amounts, "minor units of the currency", example: "1250 for 12.50 EUR")

    static let taxRate = integer(in: TaxRate.range, "hundredths of a percent", example: "1900 for 19 %")
}

extension MemberFormat where Value == Quantity {
    static let quantity = text(
        """
        Send a decimal as a string, from -1000000 to 1000000 and not 0, with at most \(Quantity.fractionDigits) digits \
        after the point: "1.5".
        """, else: .notAQuantity, read: Quantity.init)
}

extension MemberFormat where Value == UnitPrice {
    private static let wholePrice = MemberFormat<Int64>.integer(
        in: UnitPrice.range, "minor units of the currency", example: "1250 for 12.50 EUR")

    /// An integer of minor units, or a decimal of them in a string.
    static let unitPrice = MemberFormat<UnitPrice>(
        expectation: """
            Write an integer from \(UnitPrice.range.lowerBound) to \(UnitPrice.range.upperBound) in minor units of the \
            currency, without a fraction or an exponent: 1250 for 12.50 EUR. Write a finer price as a decimal in a \
            string, with at most \(UnitPrice.fractionDigits) digits after the point: "1250.5".
            """, written: { .string($0.description) }
    ) { json throws(Mismatch) in
        if case .string(let text) = json {
            guard let price = UnitPrice(text) else { throw Mismatch(code: .notAPrice) }
            return price
        }
        let minorUnits: Int64
        do throws(MemberFormat<Int64>.Mismatch) {
            minorUnits = try wholePrice.read(json)
        } catch {
            throw Mismatch(code: error.code)
        }
        guard let price = UnitPrice(minorUnits: minorUnits) else { throw Mismatch(code: .outOfRange) }
        return price
    }
}

extension MemberFormat where Value == RoundingRule {
    static let roundingRule = text(
        "Send one of \(RoundingRule.allCases.map(\.rawValue).joined(separator: ", ")).", else: .unknownRoundingRule,
        written: \.rawValue, read: RoundingRule.init)
}

extension MemberFormat where Value == InvoiceLine.Description {
    static let lineDescription = text(
        "Send 1 to \(InvoiceLine.Description.longest) characters on one line, not only blanks.",
        else: .invalidDescription,
        read: InvoiceLine.Description.init)
}

extension MemberFormat where Value == InvoiceSeries {
    static let series = text(
        "Send 1 to \(InvoiceSeries.longest) of the capital letters A to Z and the digits, such as INV.",
        else: .invalidSeries, read: InvoiceSeries.init)
}

extension MemberFormat where Value == PaymentMethod {
    static let paymentMethod = text(
        "Send one of \(PaymentMethod.allCases.map(\.rawValue).joined(separator: ", ")).", else: .unknownMethod,
        written: \.rawValue, read: PaymentMethod.init)
}

extension MemberFormat where Value == Currency {
    /// A currency in use: withdrawn codes are refused.
    static let currency = MemberFormat(
        expectation: "Send the three capital letters of a currency of ISO 4217, such as EUR.",
        written: { .string($0.code) }
    ) { json throws(Mismatch) in
        guard case .string(let code) = json else { throw Mismatch(code: .wrongType) }
        guard let currency = Currency(code: code) else { throw Mismatch(code: .unknownCurrency) }
        guard let successor = currency.successor else { return currency }
        throw Mismatch(code: .withdrawnCurrency, detail: "ISO 4217 has withdrawn \(code). Send \(successor) instead.")
    }
}

extension MemberFormat where Value == CalendarDate {
    static let date = text(
        "Send a day of the calendar as YYYY-MM-DD, such as 2026-12-31.", else: .notADate, read: CalendarDate.init)
}

extension MemberFormat where Value == Reference {
    static let reference = text(
        "Send 1 to \(Reference.longest) characters on one line, not only blanks.", else: .invalidReference,
        read: Reference.init)
}
