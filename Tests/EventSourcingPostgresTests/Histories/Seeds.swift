import Glibc

/// Where the random tests begin. A failed one names its seed; with `TEST_SEED` set to it, it is the only one to run.
enum Seeds {
    static func make(_ count: UInt64) -> [UInt64] {
        if let text = getenv("TEST_SEED"), let seed = UInt64(String(cString: text)) { return [seed] }
        let first = UInt64.random(in: 0..<1_000_000_000)
        return (first..<first + count).map { $0 }
    }
}
