public import EventSourcing
public import FoundationEssentials
import Synchronization

/// A time machine: a clock that a test advances, and its time of day.
///
/// Hand ``time`` to everything that waits, such as `Relay`, `SubscriptionConsumer` and `ProjectionRunner`, and ``date`` to the
/// stores in memory as their `now`. Then deadlines, retries and pauses of hours take no time, and none is met too early:
///
/// ```swift
/// let clock = ManualClock()
/// try await clock.timers(1)              // until one task sleeps
/// clock.advance(by: .seconds(3_600))
/// try await clock.advance { letters.count == 1 }
/// ```
public final class ManualClock: Clock {
    /// A point in the time of a ``ManualClock``.
    public struct Instant: InstantProtocol {
        /// The time since the clock was made.
        public let elapsed: Duration

        /// The instant that much later.
        public func advanced(by duration: Duration) -> Instant { Instant(elapsed: elapsed + duration) }

        /// How much later the other one is.
        public func duration(to other: Instant) -> Duration { other.elapsed - elapsed }

        /// Earlier instants are less.
        public static func < (left: Instant, right: Instant) -> Bool { left.elapsed < right.elapsed }
    }

    private struct Timer {
        let id: Int
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(elapsed: .zero)
        var lastID = 0
        var timers: [Timer] = []
        /// The time of day when the clock was made, or would have been.
        var epoch: Date

        var next: Timer? { timers.min { ($0.deadline, $0.id) < ($1.deadline, $1.id) } }

        mutating func remove(_ id: Int) -> Timer? {
            timers.firstIndex { $0.id == id }.map { timers.remove(at: $0) }
        }
    }

    private let state: Mutex<State>

    /// - Parameter date: the time of day at which the clock begins.
    public init(at date: Date = Date(timeIntervalSince1970: 1_800_000_000)) {
        state = Mutex(State(epoch: date))
    }

    /// To where the clock was moved.
    public var now: Instant { state.withLock(\.now) }

    /// A nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// The time of day. Setting it moves the hands of the clock, as an administrator does: no time passes.
    public var date: Date {
        get { state.withLock { $0.epoch.addingTimeInterval($0.now.elapsed / .seconds(1)) } }
        set { state.withLock { $0.epoch = newValue.addingTimeInterval(-($0.now.elapsed / .seconds(1))) } }
    }

    /// The clock as services take it; pauses have no jitter.
    public var time: ServiceClock { ServiceClock(self, now: { self.date }, jitter: { 1 }) }

    /// Waits until the clock is moved to the deadline; throws `CancellationError`.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard deadline > state.now, !Task.isCancelled else { return false }
                    state.timers.append(Timer(id: id, deadline: deadline, continuation: continuation))
                    return true
                }
                if isWaiting { return }
                continuation.resume(with: Task.isCancelled ? .failure(CancellationError()) : .success(()))
            }
        } onCancel: {
            state.withLock { $0.remove(id) }?.continuation.resume(throwing: CancellationError())
        }
    }
}

extension ManualClock {
    /// When the next timer is due; nil when no task sleeps.
    public var nextTimer: Instant? { state.withLock { $0.next?.deadline } }

    /// Waits until at least so many tasks sleep. Without it a test could advance the clock before they do.
    public func timers(_ count: Int) async throws {
        while state.withLock(\.timers.count) < count { try await Self.giveWay() }
    }

    /// Lets time pass, and resumes the tasks whose timers are due meanwhile in the order of these.
    ///
    /// A timer that such a task sets then is counted from the new time: use ``advance(until:)`` where one follows another.
    public func advance(by duration: Duration) {
        let goal = now.advanced(by: duration)
        while let next = nextTimer, next <= goal { advanceToNextTimer() }
        state.withLock { $0.now = max($0.now, goal) }
    }

    /// Lets time pass until the next timer is due, and resumes its task.
    ///
    /// - Returns: false when no task sleeps, and no time has passed.
    @discardableResult
    public func advanceToNextTimer() -> Bool {
        let timer = state.withLock { state -> Timer? in
            guard let next = state.next else { return nil }
            state.now = max(state.now, next.deadline)
            return state.remove(next.id)
        }
        timer?.continuation.resume()
        return timer != nil
    }

    /// Lets time pass from timer to timer until a condition holds.
    ///
    /// Between two timers the tasks that were resumed get a moment of real time to go on. Where a test has to know that they
    /// have, it says how many tasks sleep when there is nothing to do, or runs them on an executor of its own.
    ///
    /// - Parameter sleepers: time passes only while so many tasks sleep.
    /// - Throws: `CancellationError` when the task is cancelled meanwhile, such as by the time limit of the test.
    public func advance(sleepers: Int = 1, until condition: () async throws -> Bool) async throws {
        while try await !condition() {
            try await Self.giveWay()
            if try await condition() { return }
            if state.withLock(\.timers.count) >= sleepers { advanceToNextTimer() }
        }
    }

    /// Waits a moment of real time, so that other tasks can go on.
    private static func giveWay() async throws { try await Task.sleep(for: .milliseconds(2)) }
}
