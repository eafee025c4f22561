import Synchronization

/// A queue in memory, for tests and demonstrations: it keeps jobs in the order in which they came.
public final class InMemoryJobQueue: JobQueue {
    private struct State {
        var jobs: [(job: Job, options: JobOptions)] = []
        var ids = Set<String>()
    }

    private let state = Mutex(State())

    public init() {}

    public func enqueue(_ job: Job, options: JobOptions) async throws {
        state.withLock { state in
            if state.ids.insert(job.id).inserted { state.jobs.append((job, options)) }
        }
    }

    /// The jobs that nobody has taken.
    public var jobs: [Job] { state.withLock { $0.jobs.map(\.job) } }

    /// Takes the first job out. Its id stays known.
    public func next() -> (job: Job, options: JobOptions)? {
        state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
    }
}
