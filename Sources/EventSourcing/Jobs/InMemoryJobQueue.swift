import Synchronization

/// A queue in memory, for tests and demonstrations: it keeps jobs in the order in which they came.
public final class InMemoryJobQueue: JobQueue {
    private struct State {
        var jobs: [Job] = []
        var ids = Set<String>()
    }

    private let state = Mutex(State())
    /// How many jobs were added.
    private let added = PositionSignal()

    /// An empty queue.
    public init() {}

    /// See ``JobQueue/add(_:)``.
    public func add(_ jobs: [Job]) async throws -> [JobOutcome] {
        state.withLock { state in
            let outcomes = jobs.map { job -> JobOutcome in
                if let fault = job.idFault { return .refused(reason: fault) }
                guard state.ids.insert(job.id).inserted else { return .duplicate }
                state.jobs.append(job)
                return .added
            }
            added.advance(to: Position(Int64(state.ids.count)))
            return outcomes
        }
    }

    /// The jobs that nobody has taken.
    public var jobs: [Job] { state.withLock(\.jobs) }

    /// Takes the first job out. Its id stays known.
    public func next() -> Job? { state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() } }

    /// Takes the first job out, and waits until there is one.
    func waitForNext() async throws -> Job {
        while true {
            let count = state.withLock { $0.ids.count }
            if let job = next() { return job }
            _ = try await added.wait(until: Position(Int64(count + 1)), atMost: .seconds(60))
        }
    }

    /// Puts a job back that was taken, in front of all others.
    func putBack(_ job: Job) { state.withLock { $0.jobs.insert(job, at: 0) } }
}
