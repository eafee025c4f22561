import Synchronization

/// Counts down from a number, across tasks.
final class Counting: Sendable {
    private let left: Mutex<Int>

    init(from number: Int) { left = Mutex(number) }

    /// Takes one; false when there is none left.
    func countDown() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
