public import FoundationEssentials

/// The time that a long-running service obeys: elapsed time, the time of day, and the jitter of its pauses.
///
/// Everything in this package that waits, retries or backs off takes one, so that a test can decide what time it is; see
/// `ManualClock` in `EventSourcingTesting`. ``system`` is the default everywhere.
public struct ServiceClock: Sendable {
    private let measure: @Sendable () -> Duration
    private let rest: @Sendable (Duration) async throws -> Void
    private let date: @Sendable () -> Date
    private let fraction: @Sendable () -> Double
    /// Whether time passes as it does for the process, so that timers of the process can be used.
    private let isSystem: Bool

    /// The clocks of the machine.
    public static let system = ServiceClock(.continuous, isSystem: true, now: { Date() }, jitter: Self.randomJitter)

    /// - Parameters:
    ///   - clock: measures intervals, timeouts and pauses.
    ///   - now: the time of day.
    ///   - jitter: the share of a pause that is taken, from a half to one, so that many services do not return together.
    public init(
        _ clock: some Clock<Duration>, now: @escaping @Sendable () -> Date = { Date() },
        jitter: @escaping @Sendable () -> Double = ServiceClock.randomJitter
    ) {
        self.init(clock, isSystem: false, now: now, jitter: jitter)
    }

    private init(
        _ clock: some Clock<Duration>, isSystem: Bool, now: @escaping @Sendable () -> Date,
        jitter: @escaping @Sendable () -> Double
    ) {
        let start = clock.now
        measure = { start.duration(to: clock.now) }
        rest = { try await clock.sleep(for: $0) }
        date = now
        fraction = jitter
        self.isSystem = isSystem
    }

    /// A random share from a half to one.
    public static func randomJitter() -> Double { Double.random(in: 0.5...1) }

    /// The time since the clock was made.
    public func elapsed() -> Duration { measure() }

    /// The time of day.
    public func now() -> Date { date() }

    /// A share from a half to one, to be taken of a pause.
    public func jitter() -> Double { fraction() }

    /// Waits for a time.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    public func sleep(for duration: Duration) async throws { try await rest(duration) }

    /// The pause before the next attempt: 50 ms after the first failure, twice that after the second and so on up to a
    /// limit, of which up to a half is taken off by the jitter.
    public func backoff(afterFailures failures: Int, atMost longest: Duration) -> Duration {
        min(.milliseconds(50 << min(max(failures, 1) - 1, 10)), longest) * jitter()
    }

    /// Waits before the next attempt; see ``backoff(afterFailures:atMost:)``.
    func pause(after failures: Int, atMost longest: Duration) async throws {
        try await sleep(for: backoff(afterFailures: failures, atMost: longest))
    }

    /// Waits until the signal has reached a position, though not for longer than a time.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    package func wait(for signal: PositionSignal, until position: Position, atMost timeout: Duration) async throws {
        // One timer of the process serves all waiters of a signal; another clock needs a task for each.
        if isSystem {
            _ = try await signal.wait(until: position, atMost: timeout)
            return
        }
        try await withThrowingTaskGroup { group in
            group.addTask { _ = try await signal.wait(until: position, unless: WaitInterruption()) }
            group.addTask { try await sleep(for: timeout) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
