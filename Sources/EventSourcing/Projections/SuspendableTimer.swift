import Dispatch

/// Calls a function again and again while it is not suspended, as it is at first.
///
/// It is not safe for concurrent use: its owner keeps it under a lock.
struct SuspendableTimer: ~Copyable {
    private let source: any DispatchSourceTimer
    private var isSuspended = true

    init(every interval: Duration, _ body: @escaping @Sendable () -> Void) {
        let (seconds, attoseconds) = interval.components
        let pause = DispatchTimeInterval.nanoseconds(Int(seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
        source = DispatchSource.makeTimerSource()
        source.schedule(deadline: .now() + pause, repeating: pause, leeway: .milliseconds(1))
        source.setEventHandler(handler: body)
    }

    mutating func resume() {
        guard isSuspended else { return }
        isSuspended = false
        source.resume()
    }

    mutating func suspend() {
        guard !isSuspended else { return }
        isSuspended = true
        source.suspend()
    }

    deinit {
        source.cancel()
        // A source that is suspended must not go.
        if isSuspended { source.resume() }
    }
}
