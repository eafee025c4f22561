import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization

/// Meets the deadlines of a process when they are due. It sleeps until the next one, and is woken for an earlier one.
///
/// The deadlines that other processes set are found after ``longestSleep`` at the latest, as is a clock that was set forward;
/// the processes that set them meet them in time.
struct DeadlineRunner: Service {
    let process: StreamCategory
    let tenant: TenantID?
    let store: any DeadlineStore
    let clock: ServiceClock
    let wakeups: DeadlineWakeups
    let logger: Logger
    let meet: @Sendable (DueDeadline) async throws -> Void

    /// How long a claim lasts: longer than a deadline takes to be met. After a crash another process meets it then.
    static let claimDuration: TimeInterval = 60
    static let longestSleep = Duration.seconds(60)
    /// The longest pause between two attempts to meet a deadline, and between two after failures of the store.
    static let longestPause = Duration.seconds(60)
    /// The pause after a failure that does not pass by itself.
    static let pauseForPeople = Duration.seconds(3_600)
    /// The most deadlines that are met at a time.
    static let batchSize = 64

    func run() async throws {
        var failures = 0
        while !Task.isShuttingDownGracefully {
            let seen = wakeups.begin()
            do {
                let now = clock.now()
                let due = try await store.claimDue(
                    of: process, tenant: tenant, at: now, limit: Self.batchSize, until: now + Self.claimDuration)
                if due.isEmpty {
                    try await sleep(until: try await store.nextDue(of: process, tenant: tenant), after: seen)
                } else {
                    await meetAll(due)
                }
                failures = 0
            } catch {
                try Task.checkCancellation()
                failures += 1
                logger.log(
                    level: failures == 1 ? .error : .warning, "Deadlines cannot be read and will be tried again",
                    metadata: ["error": "\(error)", "failures": "\(failures)"])
                let pause = clock.backoff(afterFailures: failures, atMost: Self.longestPause)
                await cancelWhenGracefulShutdown { try? await clock.sleep(for: pause) }
            }
            try Task.checkCancellation()
        }
    }

    private func sleep(until next: Date?, after seen: Position) async throws {
        wakeups.sleeps(until: next)
        let wait = next.map { Duration.seconds(max(0, $0.timeIntervalSince(clock.now()))) } ?? Self.longestSleep
        await cancelWhenGracefulShutdown {
            try? await clock.wait(
                for: wakeups.signal, until: Position(seen.rawValue + 1), atMost: min(wait, Self.longestSleep))
        }
    }

    private func meetAll(_ due: [DueDeadline]) async {
        await withDiscardingTaskGroup { group in
            for deadline in due { group.addTask { await self.meetOrPostpone(deadline) } }
        }
    }

    private func meetOrPostpone(_ due: DueDeadline) async {
        do { try await meet(due) } catch {
            if Task.isCancelled { return }
            logger.error(
                "Deadline was not met and will be tried again",
                metadata: [
                    "error": "\(error)", "stream.id": "\(due.instance)", "deadline.name": "\(due.deadline.name)",
                    "deadline.attempt": "\(due.attempt)",
                ])
            let pause =
                ErrorCategory(of: error).reaction == .retry
                ? clock.backoff(afterFailures: due.attempt, atMost: Self.longestPause) : Self.pauseForPeople
            // Where this fails, too, the claim expires.
            try? await store.postpone(due, until: clock.now() + pause / .seconds(1))
        }
    }
}

/// Wakes a ``DeadlineRunner`` when a deadline is set that comes before the one that it sleeps for.
final class DeadlineWakeups: Sendable {
    /// Advances with each wake-up.
    let signal = PositionSignal()
    /// Until when it sleeps; the distant future while it is at work, so that nothing is missed that comes meanwhile.
    private let end = Mutex(Date.distantFuture)

    /// Is called before the deadlines are read.
    ///
    /// - Returns: the position of the signal; a later one tells of a deadline that the reading can have missed.
    func begin() -> Position {
        end.withLock { $0 = .distantFuture }
        return signal.position
    }

    func sleeps(until time: Date?) { end.withLock { $0 = time ?? .distantFuture } }

    func scheduled(_ deadlines: [ProcessDeadline]) {
        guard let earliest = deadlines.map(\.dueAt).min() else { return }
        end.withLock { end in
            if earliest < end { signal.advance(to: Position(signal.position.rawValue + 1)) }
        }
    }
}
