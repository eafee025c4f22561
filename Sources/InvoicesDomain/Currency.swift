/// A currency of ISO 4217, by its alphabetic code.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
    /// Three upper-case letters, such as `EUR`.
    package let code: String

    /// The currency with this code; nil when ISO 4217 lists no such currency in use.
    package init?(code: String) {
        guard Self.minorUnitDigits[code] != nil else { return nil }
        self.code = code
    }

    private init(known code: String) { self.code = code }

    package static let euro = Currency(known: "EUR")

    /// How many digits the minor unit has: 2 for EUR (cents), 0 for JPY, 3 for KWD.
    package var minorUnitDigits: Int { Self.minorUnitDigits[code] ?? 2 }

    package var description: String { code }

    /// ISO 4217, list one (2024-06): the currencies in use that have a minor unit, with its digits.
    private static let minorUnitDigits: [String: Int] = {
        let twoDigits = """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF \
            CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD \
            HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT \
            MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR \
            SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU \
            UZS VED VES WST XCD YER ZAR ZMW ZWG
            """
        let byDigits = [
            0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
            2: twoDigits,
            3: "BHD IQD JOD KWD LYD OMR TND",
            4: "CLF UYW",
        ]
        var digits: [String: Int] = [:]
        for (count, codes) in byDigits {
            for code in codes.split(separator: " ") { digits[String(code)] = count }
        }
        return digits
    }()
}
