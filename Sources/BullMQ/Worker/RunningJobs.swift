import Synchronization

/// The jobs that a worker runs: their locks, which it renews, and how many more it can take.
final class RunningJobs: Sendable {
    struct Lock: Hashable {
        let id: String
        let token: String
    }

    private struct State {
        var free: Int
        var jobs: [Lock: ClaimedJob] = [:]
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    init(capacity: Int) { state = Mutex(State(free: capacity)) }

    /// How many more jobs can be taken, once there is room for one. There is one caller at a time.
    func room() async -> Int {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                if state.free == 0 { state.waiting = continuation }
                return state.free > 0
            }
            if hasRoom { continuation.resume() }
        }
        return state.withLock(\.free)
    }

    func begin(_ job: ClaimedJob) {
        state.withLock { state in
            state.free -= 1
            state.jobs[job.lock] = job
        }
    }

    func end(_ job: ClaimedJob) {
        let waiting = state.withLock { state in
            state.free += 1
            state.jobs[job.lock] = nil
            return state.waiting.take()
        }
        waiting?.resume()
    }

    /// Forgets the lock of a job that still runs: there is nothing left to renew.
    ///
    /// - Returns: whether it was renewed until now.
    func lose(_ job: ClaimedJob) -> Bool { state.withLock { $0.jobs.removeValue(forKey: job.lock) != nil } }

    var all: [ClaimedJob] { state.withLock { Array($0.jobs.values) } }
}

extension ClaimedJob {
    fileprivate var lock: RunningJobs.Lock { RunningJobs.Lock(id: id, token: token) }
}
