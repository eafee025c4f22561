import HTTPConventions
import InvoicesDomain

extension HTML {
    /// An amount with its currency: `1 250.00 EUR`, `1 250 JPY`.
    static func amount(_ minorUnits: Int64, in currency: String) -> String {
        digits(minorUnits, in: currency) + "\u{A0}" + escaped(currency)
    }

    /// An amount in the currency's major unit with all of its digits, thousands apart.
    static func digits(_ minorUnits: Int64, in currency: String) -> String {
        let count = minorUnitDigits(of: currency)
        return digits(minorUnits, fractionDigits: count, atLeast: count)
    }

    /// A price in the currency's major unit: with all digits of the minor unit, and those beyond it that are not 0.
    static func digits(_ price: UnitPrice, in currency: String) -> String {
        let count = minorUnitDigits(of: currency)
        return digits(price.millionths, fractionDigits: count + UnitPrice.fractionDigits, atLeast: count)
    }

    /// A quantity, thousands apart.
    static func digits(_ quantity: Quantity) -> String {
        digits(quantity.thousandths, fractionDigits: Quantity.fractionDigits, atLeast: 0)
    }

    private static func minorUnitDigits(of currency: String) -> Int { Currency(code: currency)?.minorUnitDigits ?? 0 }

    /// - Parameters:
    ///   - number: in units of the last fraction digit.
    ///   - least: the fewest fraction digits to write; further zeros are left out.
    private static func digits(_ number: Int64, fractionDigits: Int, atLeast least: Int) -> String {
        var digits = String(number.magnitude)
        digits = String(repeating: "0", count: max(0, fractionDigits + 1 - digits.count)) + digits
        let whole = digits.dropLast(fractionDigits)
        var fraction = digits.suffix(fractionDigits)
        while fraction.count > least, fraction.last == "0" { fraction.removeLast() }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "\u{202F}" }
            grouped.append(digit)
        }
        return (number < 0 ? "−" : "") + grouped + (fraction.isEmpty ? "" : ".") + fraction
    }

    /// A rate in hundredths of a percent: `19 %`, `7.75 %`.
    static func percent(_ basisPoints: Int64) -> String {
        let (whole, rest) = basisPoints.quotientAndRemainder(dividingBy: 100)
        let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        return "\(whole)\(fraction)\u{A0}%"
    }
}
