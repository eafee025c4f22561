import FoundationEssentials

/// Time as a projection sees it, so that a test can decide what it is.
struct ProjectionClock: Sendable {
    /// The time since the clock was made.
    let elapsed: @Sendable () -> Duration
    /// Waits; throws `CancellationError` when the task is cancelled meanwhile.
    let sleep: @Sendable (Duration) async throws -> Void
    /// The time of day, for people.
    let now: @Sendable () -> Date
    /// A share from a half to one, so that many projections do not return at the same moment.
    let jitter: @Sendable () -> Double

    init(
        _ clock: some Clock<Duration>, now: @escaping @Sendable () -> Date = { Date() },
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0.5...1) }
    ) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        self.now = now
        self.jitter = jitter
    }

    /// Waits before a new attempt: longer with each failure, up to a limit.
    func pause(after failures: Int, atMost longest: Duration) async throws {
        let doubled = Duration.milliseconds(50 << min(failures - 1, 10))
        try await sleep(min(doubled, longest) * jitter())
    }

    /// Waits until the signal has reached a position, though not for longer than a time.
    func wait(for signal: PositionSignal, until position: Position, atMost timeout: Duration) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { _ = try await signal.wait(until: position, unless: WaitInterruption()) }
            group.addTask { try await sleep(timeout) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
