import ServiceLifecycle
import Synchronization

/// Lets the commands in hand end before anything else of a pipeline stops, and no more of them in.
final class CommandGate: Service {
    private struct State {
        var inHand = 0
        var isClosed = false
        /// Waits until nothing is in hand.
        var closing: CheckedContinuation<Void, Never>?

        mutating func takeClosing() -> CheckedContinuation<Void, Never>? {
            defer { closing = nil }
            return closing
        }
    }

    private let pipeline: String
    private let state = Mutex(State())

    init(_ pipeline: String) { self.pipeline = pipeline }

    /// - Throws: ``PipelineStopping``; what `body` throws.
    func pass<Answer: Sendable>(_ body: () async throws -> Answer) async throws -> Answer {
        try state.withLock { state in
            guard !state.isClosed else { throw PipelineStopping(pipeline: pipeline) }
            state.inHand += 1
        }
        defer { leave() }
        return try await body()
    }

    private func leave() {
        state.withLock { state in
            state.inHand -= 1
            return state.inHand == 0 ? state.takeClosing() : nil
        }?.resume()
    }

    /// Closes at graceful shutdown, and returns when the last command has ended.
    func run() async throws {
        try? await gracefulShutdown()
        state.withLock { $0.isClosed = true }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.inHand > 0, !Task.isCancelled else { return false }
                    state.closing = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.takeClosing() }?.resume()
        }
    }
}
