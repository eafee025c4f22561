public import FoundationEssentials

extension UUID {
    /// A UUID version 7 (RFC 9562): milliseconds since 1970 in the first 48 bits, random after them,
    /// so that ids made one after another lie side by side in an index.
    public static func v7(at date: Date = Date()) -> UUID {
        let (high, low) = BufferedEntropy.pair()
        return v7(at: date, high, low)
    }

    /// A UUID version 7 whose random bits come from `generator`.
    public static func v7(at date: Date, using generator: inout some RandomNumberGenerator) -> UUID {
        v7(at: date, generator.next(), generator.next())
    }

    private static func v7(at date: Date, _ first: UInt64, _ second: UInt64) -> UUID {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1_000))
        let high = milliseconds << 16 | 0x7000 | first & 0x0FFF
        let low = 0x8000_0000_0000_0000 | second >> 2
        return withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}

typealias uuid_t = (
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
)
