import Foundation
import Synchronization

/// A clock that moves on a little with every request, and as far as a test wants it to.
final class TestClock: Sendable {
    static let start = Date(timeIntervalSince1970: 1_795_000_000.25)

    private let state = Mutex((ticks: 0, offset: 0 as TimeInterval, storeOffset: 0 as TimeInterval))

    /// Two requests share each time, so that lists have to order by id as well.
    func next() -> Date {
        state.withLock { state in
            state.ticks += 1
            return Self.start.addingTimeInterval(state.offset + Double(state.ticks / 2) * 0.001_001)
        }
    }

    /// What the store's clock says meanwhile.
    var storeTime: Date {
        state.withLock { state in
            Self.start.addingTimeInterval(
                state.offset + state.storeOffset + Double(state.ticks / 2) * 0.001_001)
        }
    }

    func advance(by time: TimeInterval) { state.withLock { $0.offset += time } }

    /// Puts the store's clock ahead of the service's, or behind it.
    func putStore(aheadBy time: TimeInterval) { state.withLock { $0.storeOffset = time } }
}
