import HTTPConventions
import InvoicesDomain

extension HTML {
    /// An amount with its currency: `1 250.00 EUR`, `1 250 JPY`.
    static func amount(_ minorUnits: Int64, in currency: String) -> String {
        digits(minorUnits, in: currency) + "\u{A0}" + escaped(currency)
    }

    /// An amount in the currency's major unit with all of its digits, thousands apart.
    static func digits(_ minorUnits: Int64, in currency: String) -> String {
        let count = Currency(code: currency)?.minorUnitDigits ?? 0
        var digits = String(minorUnits.magnitude)
        digits = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
        let (whole, fraction) = (digits.dropLast(count), digits.suffix(count))
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "\u{202F}" }
            grouped.append(digit)
        }
        return (minorUnits < 0 ? "−" : "") + grouped + (count == 0 ? "" : ".") + fraction
    }

    /// A rate in hundredths of a percent: `19 %`, `7.75 %`.
    static func percent(_ basisPoints: Int64) -> String {
        let (whole, rest) = basisPoints.quotientAndRemainder(dividingBy: 100)
        let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        return "\(whole)\(fraction)\u{A0}%"
    }
}
