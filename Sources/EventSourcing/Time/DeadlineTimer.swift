import Dispatch

/// Calls a function when a deadline has passed, a little later than that: deadlines that are close together share a call.
/// Nothing runs while no deadline is set.
///
/// It is not safe for concurrent use: its owner keeps it under a lock.
package struct DeadlineTimer: ~Copyable {
    private let source: any DispatchSourceTimer
    private var scheduled: ContinuousClock.Instant?

    /// As much later than its deadline a call may come.
    package static let tolerance = Duration.milliseconds(20)

    package init(_ body: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeTimerSource(queue: .global())
        source.setEventHandler(handler: body)
        source.schedule(deadline: .distantFuture)
        source.activate()
    }

    /// Calls the function after the deadline. An earlier call that is due anyway comes as well.
    package mutating func schedule(_ deadline: ContinuousClock.Instant) {
        let time = deadline + Self.tolerance
        if let scheduled, scheduled <= time { return }
        scheduled = time
        let (seconds, attoseconds) = max(.zero, time - .now).components
        let nanoseconds = Int(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        source.schedule(deadline: .now() + .nanoseconds(nanoseconds), leeway: .milliseconds(1))
    }

    /// The function was called: nothing is scheduled any more.
    package mutating func fired() { scheduled = nil }

    deinit { source.cancel() }
}
