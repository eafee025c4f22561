import EventSourcing
import FoundationEssentials
import InvoicesDomain

extension MemberFormat where Value == CustomerID {
    static let customerID = text("Send the customer's UUID, as a string.", else: .notAUUID) { text in
        UUID(text: text).map(CustomerID.init)
    }
}

extension MemberFormat where Value == Int64 {
    /// An amount in minor units. The digits are read as they were written: 12.50 and 1e3 are not taken for money.
    static let amount = MemberFormat(
        expectation: """
            Write an integer from \(RequestLimits.amounts.lowerBound) to \(RequestLimits.amounts.upperBound) in minor \
            units of the currency, without quotes, a fraction or an exponent: 1250 for 12.50 EUR.
            """
    ) { json throws(Mismatch) in
        guard case .number(let text) = json else { throw Mismatch(code: .wrongType) }
        guard text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }) else {
            throw Mismatch(code: .notAnInteger)
        }
        guard let amount = Int64(text), RequestLimits.amounts.contains(amount) else {
            throw Mismatch(code: .outOfRange)
        }
        return amount
    }
}

extension MemberFormat where Value == Currency {
    static let currency = text(
        "Send the three capital letters of a currency of ISO 4217, such as EUR.", else: .unknownCurrency,
        read: Currency.init(code:))
}

extension MemberFormat where Value == CalendarDate {
    static let date = text(
        "Send a day of the calendar as YYYY-MM-DD, such as 2026-12-31.", else: .notADate, read: CalendarDate.init)
}

extension MemberFormat where Value == Reference {
    static let reference = text(
        "Send 1 to \(Reference.longest) characters on one line.", else: .invalidReference, read: Reference.init)
}
