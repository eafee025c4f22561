/// How often each latency occurred, in buckets that are at most 3 % wide: 32 for each power of two.
struct Histogram: Sendable {
    private var buckets = [Int](repeating: 0, count: 1_920)
    private var sum = 0.0
    private(set) var count = 0

    mutating func record(nanoseconds: UInt64, times: Int = 1) {
        buckets[Self.bucket(of: nanoseconds)] += times
        sum += Double(nanoseconds) * Double(times)
        count += times
    }

    mutating func merge(_ other: Histogram) {
        for index in buckets.indices { buckets[index] += other.buckets[index] }
        sum += other.sum
        count += other.count
    }

    /// In milliseconds; nil when nothing was recorded.
    var mean: Double? { count == 0 ? nil : sum / Double(count) / 1e6 }

    /// The latency in milliseconds that this share of all does not exceed; nil when nothing was recorded.
    func quantile(_ share: Double) -> Double? {
        var left = Int((Double(count) * share).rounded(.up))
        for (index, occurrences) in buckets.enumerated() where occurrences > 0 {
            left -= occurrences
            if left <= 0 { return Self.middle(ofBucket: index) / 1e6 }
        }
        return nil
    }

    private static func bucket(of value: UInt64) -> Int {
        let shift = max(0, 58 - value.leadingZeroBitCount)
        return shift * 32 + Int(value >> UInt64(shift))
    }

    private static func middle(ofBucket index: Int) -> Double {
        let shift = max(0, index / 32 - 1)
        let width = Double(UInt64(1) << UInt64(shift))
        return (Double(index - shift * 32) + 0.5) * width
    }
}
