import InvoicesDomain
import Testing

@Suite struct CurrencyTests {
    @Test(arguments: [("EUR", 2), ("JPY", 0), ("KWD", 3), ("UYW", 4), ("XCG", 2), ("ZWG", 2), ("XAD", 2)])
    func `a currency knows the digits of its minor unit`(_ code: String, _ digits: Int) throws {
        let currency = try #require(Currency(code: code))
        #expect(currency.minorUnitDigits == digits)
        #expect(!currency.isWithdrawn)
        #expect(currency.code.utf8.elementsEqual(code.utf8))
    }

    /// The Kelvin sign is not a K, though `String` holds them equal.
    @Test(arguments: ["", "eur", "EURO", "XXX", "XTS", "XAU", "XDR", "€", "E R", "\u{212A}WD", "ＥＵＲ", "EU\u{200B}"])
    func `what is no currency with a minor unit is refused`(_ code: String) {
        #expect(Currency(code: code) == nil)
    }

    @Test(arguments: [
        ("ANG", "XCG", 2), ("BGN", "EUR", 2), ("HRK", "EUR", 2), ("CUC", "CUP", 2), ("ZWL", "ZWG", 2),
        ("SLL", "SLE", 2), ("VEF", "VES", 2), ("MRO", "MRU", 2), ("STD", "STN", 2), ("BYR", "BYN", 0),
        ("LTL", "EUR", 2), ("EEK", "EUR", 2), ("BGL", "EUR", 2), ("ITL", "EUR", 0), ("TRL", "TRY", 0),
    ])
    func `a currency that was withdrawn names the one in use`(_ code: String, _ successor: String, _ digits: Int) throws
    {
        let currency = try #require(Currency(code: code))
        #expect(currency.isWithdrawn)
        #expect(currency.successor == successor)
        #expect(currency.minorUnitDigits == digits)
        #expect(try #require(Currency(code: successor)).isWithdrawn == false)
    }
}
