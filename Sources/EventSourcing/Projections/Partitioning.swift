/// How the streams of a projection are shared out among its partitions.
///
/// The partition of a stream is the 64-bit FNV-1a hash (draft-eastlake-fnv) of the UTF-8 bytes of its name, modulo the
/// number of partitions. It depends on nothing else, so every process and every later version agrees on it.
public struct Partitioning: Hashable, Sendable {
    /// How many partitions there are, at least 1.
    public let count: Int

    /// - Precondition: `count` is at least 1.
    public init(_ count: Int) {
        precondition(count >= 1, "a projection has at least one partition")
        self.count = count
    }

    /// The number of the partition that the stream belongs to, from 0.
    public func partition(of stream: StreamName) -> Int {
        count == 1 ? 0 : Int(Self.hash(stream.rawValue) % UInt64(count))
    }

    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
    }
}
