public import FoundationEssentials
import Glibc

extension UUID {
    /// A UUID version 7 (RFC 9562): milliseconds since 1970 in the first 48 bits, random after them,
    /// so that ids made one after another lie side by side in an index.
    public static func v7(at date: Date = Date()) -> UUID {
        var generator = EntropyPair()
        return v7(at: date, using: &generator)
    }

    /// A UUID version 7 whose random bits come from `generator`.
    public static func v7(at date: Date, using generator: inout some RandomNumberGenerator) -> UUID {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1_000))
        let high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
        let low = 0x8000_0000_0000_0000 | generator.next() >> 2
        return withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}

typealias uuid_t = (
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
)

/// The two random numbers of an id, from one call of the system rather than two.
private struct EntropyPair: RandomNumberGenerator {
    private var numbers: (UInt64, UInt64) = (0, 0)
    private var taken = 2

    mutating func next() -> UInt64 {
        if taken == 2 {
            let status = withUnsafeMutableBytes(of: &numbers) { getentropy($0.baseAddress, $0.count) }
            precondition(status == 0, "the system gives no random numbers")
            taken = 0
        }
        taken += 1
        return taken == 1 ? numbers.0 : numbers.1
    }
}
