import Glibc
import Synchronization

/// Random numbers of the system for ids, fetched 4 KiB at a time: an id needs 16 bytes, and a system call for each of them
/// costs more than the id.
///
/// Keys are made with `SystemRandomNumberGenerator`, so that no random bits of theirs are ever in a buffer.
package struct BufferedEntropy: RandomNumberGenerator, Sendable {
    private static let shared = Mutex(EntropyBuffer())

    package init() {}

    package mutating func next() -> UInt64 { Self.shared.withLock { $0.next() } }

    /// Two numbers for the price of one lock.
    static func pair() -> (UInt64, UInt64) { shared.withLock { ($0.next(), $0.next()) } }
}

/// Random numbers that have been fetched and not used yet.
struct EntropyBuffer: ~Copyable {
    static let count = 512

    private var numbers = [UInt64](repeating: 0, count: count)
    private var used = count
    private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    /// - Parameter fill: fills a buffer with random bytes.
    init(filledBy fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void = Self.systemEntropy) {
        self.fill = fill
    }

    mutating func next() -> UInt64 {
        if used == Self.count {
            numbers.withUnsafeMutableBytes(fill)
            used = 0
        }
        defer { used += 1 }
        let number = numbers[used]
        // What was given out does not stay in memory.
        numbers[used] = 0
        return number
    }

    private static func systemEntropy(_ buffer: UnsafeMutableRawBufferPointer) {
        // More than 256 bytes are refused in one call.
        for start in stride(from: 0, to: buffer.count, by: 256) {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[start...].prefix(256))
            precondition(getentropy(part.baseAddress!, part.count) == 0, "the system gives no random numbers")
        }
    }
}
