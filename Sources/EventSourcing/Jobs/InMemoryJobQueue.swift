import Synchronization

/// A queue in memory, for tests and demonstrations: it keeps jobs in the order in which they came.
public final class InMemoryJobQueue: JobQueue {
    private struct State {
        var jobs: [Job] = []
        var ids = Set<String>()
    }

    private let state = Mutex(State())

    public init() {}

    public func add(_ jobs: [Job]) async throws -> [JobOutcome] {
        state.withLock { state in
            jobs.map { job in
                if let fault = job.idFault { return .refused(reason: fault) }
                guard state.ids.insert(job.id).inserted else { return .duplicate }
                state.jobs.append(job)
                return .added
            }
        }
    }

    /// The jobs that nobody has taken.
    public var jobs: [Job] { state.withLock(\.jobs) }

    /// Takes the first job out. Its id stays known.
    public func next() -> Job? { state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() } }
}
