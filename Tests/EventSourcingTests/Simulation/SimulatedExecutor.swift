import EventSourcingTesting
import Synchronization

/// Runs tasks one job at a time, on the thread that calls ``run(until:)``, and has a seed choose which.
///
/// Together with a ``SimulatedClock`` there is nothing left that could differ between two runs of one seed: tasks
/// interleave at every `await`, and time passes when nothing else is to be done.
final class SimulatedExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var generator: SeededGenerator
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(generator: SeededGenerator(seed: seed))) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// A number that the seed determines, like everything else.
    func random(below bound: Int) -> Int { state.withLock { Int.random(in: 0..<bound, using: &$0.generator) } }

    /// Runs what there is to run; then lets time pass up to what waits for it.
    ///
    /// - Returns: false when neither a job nor a sleeper was left, or the steps were used up, before `isOver`.
    func run(_ clock: SimulatedClock, atMost steps: Int, until isOver: () -> Bool) -> Bool {
        for _ in 0..<steps {
            if isOver() { return true }
            if let job = next() {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else if !clock.wakeNext() {
                return false
            }
        }
        return false
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            state.jobs.swapAt(Int.random(in: state.jobs.indices, using: &state.generator), state.jobs.count - 1)
            return state.jobs.removeLast()
        }
    }
}

/// A clock whose time passes from sleeper to sleeper.
final class SimulatedClock: Clock {
    struct Instant: InstantProtocol {
        var elapsed: Duration
        func advanced(by duration: Duration) -> Instant { Instant(elapsed: elapsed + duration) }
        func duration(to other: Instant) -> Duration { other.elapsed - elapsed }
        static func < (left: Instant, right: Instant) -> Bool { left.elapsed < right.elapsed }
    }

    private struct State {
        var now = Instant(elapsed: .zero)
        var lastID = 0
        var sleepers: [Int: (until: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let waits = state.withLock { state in
                    guard deadline > state.now, !Task.isCancelled else { return false }
                    state.sleepers[id] = (deadline, continuation)
                    return true
                }
                if waits { return }
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    continuation.resume()
                }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Lets time pass until the next sleeper wakes; false when nobody sleeps.
    func wakeNext() -> Bool {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let next = state.sleepers.min(by: { ($0.value.until, $0.key) < ($1.value.until, $1.key) }) else {
                return nil
            }
            state.now = max(state.now, next.value.until)
            return state.sleepers.removeValue(forKey: next.key)?.continuation
        }
        next?.resume()
        return next != nil
    }
}
