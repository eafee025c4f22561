public import Logging
public import ServiceLifecycle
import Synchronization

/// Saves snapshots apart from the commands that are their occasion: no command waits for one, or fails because of one.
///
/// At most `capacity` wait; when more come the oldest of them are dropped, for a newer one will do. Graceful shutdown
/// saves what waits.
public final class SnapshotWriter: Service {
    private let store: any SnapshotStore
    private let logger: Logger
    private let jobs: AsyncStream<Job>
    private let queue: AsyncStream<Job>.Continuation
    private let tallies = Mutex(Tallies())

    /// What has become of the snapshots so far.
    public struct Tallies: Hashable, Sendable {
        /// Snapshots that are stored.
        public internal(set) var saved = 0
        /// Snapshots that the store has refused; each was logged.
        public internal(set) var failed = 0
        /// Snapshots that left the full queue unsaved.
        public internal(set) var dropped = 0
    }

    /// Encodes a snapshot when its turn comes.
    typealias Job = @Sendable () throws -> Snapshot

    /// Makes a writer whose queue holds up to `capacity` snapshots.
    public init(_ store: any SnapshotStore, capacity: Int = 1_000, logger: Logger = .current) {
        self.store = store
        self.logger = logger
        (jobs, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(capacity))
    }

    /// Counts since the writer was made.
    public var counts: Tallies { tallies.withLock { $0 } }

    func save(_ job: @escaping Job) {
        if case .dropped = queue.yield(job) { tallies.withLock { $0.dropped += 1 } }
    }

    /// Writes until it is cancelled; for graceful shutdown, until the queue is empty.
    public func run() async {
        await withGracefulShutdownHandler {
            for await job in jobs { await perform(job) }
        } onGracefulShutdown: {
            self.queue.finish()
        }
    }

    private func perform(_ job: Job) async {
        do {
            try await store.save(job())
            tallies.withLock { $0.saved += 1 }
        } catch {
            tallies.withLock { $0.failed += 1 }
            logger.warning("Snapshot was not saved", metadata: ["error": "\(error)"])
        }
    }
}
