/// What one of something costs before tax, in minor units of the invoice's currency: a decimal of at most six fraction
/// digits, with either sign.
///
/// A price of whole minor units is stored as an integer, as events of older versions have it; a finer one as a decimal
/// in a string.
package struct UnitPrice: Hashable, Sendable, LosslessStringConvertible {
    /// 1_500_000 are one and a half minor units.
    package let millionths: Int64

    package static let fractionDigits = 6
    /// In minor units.
    package static let range: ClosedRange<Int64> = -Money.largestInvoice...Money.largestInvoice
    private static let scale: Int64 = 1_000_000

    /// Nil when the price is not in ``range``.
    package init?(minorUnits: Int64) {
        guard Self.range.contains(minorUnits) else { return nil }
        millionths = minorUnits * Self.scale
    }

    /// Reads decimal digits with at most six of them after a point, such as `34811` or `-0.125`; nil when the text is
    /// anything else or not in ``range``.
    package init?(_ text: String) {
        guard let millionths = Int64(decimal: text, wholeDigits: 12, fractionDigits: Self.fractionDigits),
            millionths.magnitude <= (Money.largestInvoice * Self.scale).magnitude
        else { return nil }
        self.millionths = millionths
    }

    /// Nil for a price that is finer than a minor unit.
    package var minorUnits: Int64? { millionths % Self.scale == 0 ? millionths / Self.scale : nil }

    /// Without zeros that say nothing.
    package var description: String { millionths.decimal(fractionDigits: Self.fractionDigits) }
}

extension UnitPrice: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let price: UnitPrice?
        if let minorUnits = try? container.decode(Int64.self) {
            price = UnitPrice(minorUnits: minorUnits)
        } else {
            price = UnitPrice(try container.decode(String.self))
        }
        guard let price else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no unit price")
        }
        self = price
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let minorUnits { try container.encode(minorUnits) } else { try container.encode(description) }
    }
}
