/// Decimals as integers that count the smallest fraction: with three fraction digits, 1.5 is 1500. Binary fractions
/// would be inexact.
extension Int64 {
    /// Reads a decimal: a minus or none, digits, and at most `fractionDigits` more after a point. Nil when the text is
    /// anything else (a plus, an exponent, a separator of thousands) or does not fit.
    ///
    /// - Parameter wholeDigits: the most digits before the point, leading zeros included.
    init?(decimal text: String, wholeDigits: Int, fractionDigits: Int) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let unsigned = isNegative ? text.dropFirst() : text[...]
        let parts = unsigned.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, (1...wholeDigits).contains(parts[0].utf8.count) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard (1...fractionDigits).contains(fraction.utf8.count) else { return nil }
        let digits = parts[0] + fraction + String(repeating: "0", count: fractionDigits - fraction.utf8.count)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let magnitude = Int64(digits)
        else { return nil }
        self = isNegative ? -magnitude : magnitude
    }

    /// The decimal without needless zeros: `3`, `1.5`, `-0.125`.
    func decimal(fractionDigits: Int) -> String {
        var digits = String(magnitude)
        digits = String(repeating: "0", count: Swift.max(0, fractionDigits + 1 - digits.count)) + digits
        var fraction = digits.suffix(fractionDigits)
        while fraction.last == "0" { fraction.removeLast() }
        return (self < 0 ? "-" : "") + digits.dropLast(fractionDigits) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
