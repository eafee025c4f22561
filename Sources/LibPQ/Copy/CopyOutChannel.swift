import DequeModule
import Synchronization

/// Hands the bytes of a `COPY … TO STDOUT` from the poller to the task that reads them, and holds no more of them than
/// a limit: the poller stops to read the socket then, and with that the server to send.
final class CopyOutChannel: Sendable {
    private struct State {
        var chunks: Deque<[UInt8]> = []
        var count = 0
        var end: Result<Void, any Error>?
        var waiter: CheckedContinuation<[UInt8]?, any Error>?
        /// The poller does not read until it is told to.
        var isPaused = false
    }

    private let state = Mutex(State())

    /// The poller pauses when so many bytes wait, and goes on when half of them are taken.
    static var limit: Int { 256 * 1024 }

    /// Passes bytes on: whether there is room for more. If not, ``next()`` tells when there is.
    func push(_ chunk: [UInt8]) -> Bool {
        let (waiter, hasRoom) = state.withLock { state in
            // A task that has gone takes nothing: what comes is dropped.
            guard state.end == nil else { return (nil as CheckedContinuation<[UInt8]?, any Error>?, true) }
            if let waiter = state.waiter.take() { return (waiter, true) }
            state.chunks.append(chunk)
            state.count += chunk.count
            state.isPaused = state.count >= Self.limit
            return (nil, !state.isPaused)
        }
        waiter?.resume(returning: chunk)
        return hasRoom
    }

    func finish(_ end: Result<Void, any Error>) {
        let waiter = state.withLock { state in
            if state.end == nil { state.end = end }
            return state.waiter.take()
        }
        waiter?.resume(with: end.map { nil })
    }

    /// The next bytes, `nil` at the end; and whether the poller has to be told that there is room again.
    func next() async throws -> (chunk: [UInt8]?, resumes: Bool) {
        let resumes = Atomic(false)
        let chunk = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let answer = state.withLock { state -> Result<[UInt8]?, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let chunk = state.chunks.popFirst() {
                        state.count -= chunk.count
                        if state.isPaused, state.count <= Self.limit / 2 {
                            state.isPaused = false
                            resumes.store(true, ordering: .relaxed)
                        }
                        return .success(chunk)
                    }
                    if let end = state.end { return end.map { nil } }
                    state.waiter = waiter
                    return nil
                }
                if let answer { waiter.resume(with: answer) }
            }
        } onCancel: {
            finish(.failure(CancellationError()))
        }
        return (chunk, resumes.load(ordering: .relaxed))
    }
}
