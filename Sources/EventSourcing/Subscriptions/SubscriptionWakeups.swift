public import Logging
public import ServiceLifecycle
import Synchronization

/// Wakes the consumers of many groups: one reader of the log for all groups of a process, which wakes those whose source has
/// a new event.
///
/// Consumers that are given it ask the store only when they are woken, or while something of their group is unsettled in
/// other hands or waits for another attempt. So an idle group costs no query, and an append no work for it. New events are
/// taken from the process's tail of the log; those of other processes are read once. Once in every interval the end of the
/// log and the changes by administrators are looked up, for all groups together.
public final class SubscriptionWakeups: Service {
    private let reader: any EventReader
    private let appended: PositionSignal
    private let tail: LogTail?
    private let changes: any SubscriptionChanges
    private let pollInterval: Duration
    private let clock: ServiceClock
    private let logger: Logger
    private let waiters = Mutex(SubscriptionWaiters())
    private static let pageSize = 500

    /// - Parameters:
    ///   - appended: announces what this process appends, and hears of.
    ///   - tail: what this process has appended; nil to read it from the log.
    ///   - changes: the store of the subscriptions.
    ///   - pollInterval: how long an event of another process can stay unheard whose announcement was lost, and what an
    ///     administrator has done.
    ///   - clock: measures the interval and the pauses.
    public init(
        reading reader: any EventReader, appended: PositionSignal, tail: LogTail? = nil,
        changes: any SubscriptionChanges, pollInterval: Duration = .seconds(1), clock: ServiceClock = .system,
        logger: Logger
    ) {
        self.reader = reader
        self.appended = appended
        self.tail = tail
        self.changes = changes
        self.pollInterval = pollInterval
        self.clock = clock
        self.logger = logger
    }

    /// How far the log was looked at, and what was known of the groups then.
    private struct Progress {
        var checkpoint: Checkpoint
        var changes: Int64
        /// By the clock's elapsed time.
        var lastPoll: Duration
    }

    /// Until graceful shutdown. A read that waits for a lock then is given up.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.follow() }
    }

    private func follow() async {
        var progress: Progress?
        var failures = 0
        while !Task.isCancelled {
            let seen = appended.position
            do {
                try await look(&progress)
                failures = 0
            } catch {
                if Task.isCancelled { return }
                failures += 1
                logger.log(
                    level: failures == 1 ? .error : .debug, "Log cannot be read for subscriptions, and will be again",
                    metadata: ["error": "\(error)"])
                try? await clock.pause(after: failures, atMost: pollInterval)
                continue
            }
            try? await clock.wait(for: appended, until: Position(seen.rawValue + 1), atMost: pollInterval)
        }
    }

    private func look(_ progress: inout Progress?) async throws {
        guard var known = progress else {
            progress = try await begin()
            return
        }
        defer { progress = known }
        while let events = tail?.events(after: known.checkpoint, limit: Self.pageSize), !events.isEmpty {
            wake(for: events, &known)
        }
        let isPoll = clock.elapsed() - known.lastPoll >= pollInterval
        guard isPoll || appended.position > known.checkpoint.position else { return }
        try await read(&known)
        guard isPoll else { return }
        known.lastPoll = clock.elapsed()
        let changes = try await changes.subscriptionChanges()
        if changes != known.changes { wakeAll() }
        known.changes = changes
    }

    /// What came before, the consumers have asked for, or do so now.
    private func begin() async throws -> Progress {
        let changes = try await changes.subscriptionChanges()
        let last = try await reader.readLog(after: nil, .backwards, matching: .all, limit: 1).first
        wakeAll()
        return Progress(checkpoint: Checkpoint.start.moved(to: last), changes: changes, lastPoll: clock.elapsed())
    }

    private func read(_ known: inout Progress) async throws {
        if try await reader.head() < known.checkpoint.position {
            // The log is another one.
            known = try await begin()
            return
        }
        while true {
            let events = try await reader.readLog(
                after: known.checkpoint.position, .forwards, matching: .all, limit: Self.pageSize)
            wake(for: events, &known)
            guard events.count == Self.pageSize else { return }
        }
    }

    private func wake(for events: [RecordedEvent], _ known: inout Progress) {
        for wake in waiters.withLock({ $0.waiters(for: events) }) { wake.yield() }
        known.checkpoint = known.checkpoint.moved(to: events.last)
    }

    private func wakeAll() {
        for wake in waiters.withLock({ $0.all }) { wake.yield() }
    }
}

extension SubscriptionWakeups {
    /// Has a stream yield for new events of a source, until ``remove(_:)``.
    func add(_ source: SubscriptionSource, _ wake: AsyncStream<Void>.Continuation) -> SubscriptionWaiters.ID {
        waiters.withLock { $0.add(source, wake) }
    }

    func remove(_ id: SubscriptionWaiters.ID) {
        waiters.withLock { $0.remove(id) }
    }
}
