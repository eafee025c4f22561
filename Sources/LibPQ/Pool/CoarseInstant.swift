import Glibc

/// A moment on a clock that costs 8 ns to read instead of 46 and moves on every few milliseconds: good enough for
/// the time-outs of requests, of which every one reads it.
struct CoarseInstant: Comparable, Hashable, Sendable {
    /// Since the machine was started.
    let milliseconds: Int64

    static let never = CoarseInstant(milliseconds: .max)
    static let past = CoarseInstant(milliseconds: .min)

    static var now: CoarseInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return CoarseInstant(milliseconds: Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000)
    }

    static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// The moment after so many milliseconds; `nil` is never.
    func advanced(by timeout: Int64?) -> CoarseInstant {
        guard let timeout else { return .never }
        let (sum, isTooFar) = milliseconds.addingReportingOverflow(timeout)
        return isTooFar ? .never : CoarseInstant(milliseconds: sum)
    }

    /// Milliseconds from `other` to this one.
    func since(_ other: CoarseInstant) -> Int64 { milliseconds.subtractingReportingOverflow(other.milliseconds).0 }
}
