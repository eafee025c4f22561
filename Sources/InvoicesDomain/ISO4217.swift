/// The currencies of ISO 4217 that have a minor unit, as published on 2026-01-01.
///
/// Funds codes are among them where list one gives them a minor unit. Metals, units of account without one, `XTS` and
/// `XXX` are not. A code that is withdrawn moves to ``withdrawn`` and stays there: invoices in it are read for ever.
enum ISO4217 {
    struct Entry: Hashable, Sendable {
        let digits: Int
        /// Of a withdrawn code, the one that is used in its place today.
        let successor: String?
    }

    static let currencies: [String: Entry] = {
        var currencies: [String: Entry] = [:]
        for (digits, codes) in inUse {
            for code in codes.split(separator: " ") { currencies[String(code)] = Entry(digits: digits, successor: nil) }
        }
        for (successor, codes) in withdrawn {
            for code in codes.split(separator: " ") {
                currencies[String(code)] = Entry(digits: wholeUnits.contains(code) ? 0 : 2, successor: successor)
            }
        }
        return currencies
    }()

    /// List one, by the digits of the minor unit.
    private static let inUse = [
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW \
        CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF \
        IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK \
        MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP \
        SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG \
        YER ZAR ZMW ZWG
        """,
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    ]

    /// List three since 1990, by what took their place. A successor that was withdrawn itself is skipped.
    private static let withdrawn = [
        "AFN": "AFA", "AOA": "AOK AON AOR", "ARS": "ARA", "AZN": "AYM AZM", "BOB": "BOP", "BRL": "BRC BRE BRN BRR",
        "BYN": "BYB BYR", "CDF": "ZRN ZRZ", "CUP": "CUC", "GEL": "GEK", "GHS": "GHC GHP", "GNF": "GNS", "ILS": "ILR",
        "ISK": "ISJ", "MDL": "MDC", "MGA": "MGF", "MKD": "MKN", "MRU": "MRO", "MXN": "MXP", "MZN": "MZE MZM",
        "NIO": "NIC", "PEN": "PEI PES", "PLN": "PLZ", "RON": "ROL", "RSD": "CSD YUD YUM YUN", "RUB": "RUR SUR",
        "SDG": "SDD SDP", "SLE": "SLL", "SRD": "SRG", "STN": "STD", "TJS": "TJR", "TMT": "TMM", "TRY": "TRL",
        "UAH": "UAK", "UGX": "UGS UGW", "USD": "ECS TPE USS", "UYU": "UYP", "VES": "VEB VEF", "XCG": "ANG",
        "XOF": "GWP MLF", "YER": "YDD", "ZAR": "ZAL", "ZMW": "ZMK", "ZWG": "RHD ZWC ZWD ZWL ZWN ZWR",
        "EUR": """
        ADP ATS BEC BEF BEL BGL BGN CYP DEM EEK ESA ESB ESP FIM FRF GRD HRD HRK IEP ITL LTL LTT LUC LUF LUL LVL LVR \
        MTL NLG PTE SIT SKK XEU
        """,
    ]

    /// Those of the withdrawn that had no minor unit in the end.
    private static let wholeUnits: Set<Substring> = [
        "ADP", "BEC", "BEF", "BEL", "BYB", "BYR", "ESA", "ESB", "ESP", "GRD", "ITL", "LUC", "LUF", "LUL", "MGF", "PTE",
        "ROL", "TPE", "TRL",
    ]
}
