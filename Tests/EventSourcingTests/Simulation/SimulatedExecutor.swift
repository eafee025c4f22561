import EventSourcingTesting
import Synchronization

/// Runs tasks one job at a time, on the thread that calls ``run(until:)``, and has a seed choose which.
///
/// Together with a ``ManualClock`` there is nothing left that could differ between two runs of one seed: tasks
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
    func run(_ clock: ManualClock, atMost steps: Int, until isOver: () -> Bool) -> Bool {
        for _ in 0..<steps {
            if isOver() { return true }
            if let job = next() {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else if !clock.advanceToNextTimer() {
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
