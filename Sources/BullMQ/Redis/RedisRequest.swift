import NIOCore
import Synchronization

/// Commands that are sent together, and the caller that waits for their replies.
final class RedisRequest: Sendable {
    let bytes: ByteBuffer
    /// How many replies it takes.
    let commands: Int
    let deadline: NIODeadline
    /// Whether the connection is closed when the caller stops waiting: then Redis stops running a blocking command.
    let closesWhenAbandoned: Bool
    private let promise: EventLoopPromise<[RESPValue]>
    private let stage = Atomic(Stage.waiting)

    private enum Stage: UInt8, AtomicRepresentable {
        case waiting, sent, abandoned
    }

    init(
        _ commands: [RedisCommand], timeout: Duration, closesWhenAbandoned: Bool = false, on eventLoop: any EventLoop
    ) {
        var bytes = ByteBuffer()
        for command in commands { command.write(into: &bytes) }
        self.bytes = bytes
        self.commands = commands.count
        deadline = .now() + TimeAmount(timeout)
        self.closesWhenAbandoned = closesWhenAbandoned
        promise = eventLoop.makePromise()
    }

    /// Whether the request is neither sent nor abandoned.
    var isWaiting: Bool { stage.load(ordering: .acquiring) == .waiting }

    /// Whether the request waits for a connection and its time is not over.
    var isAwaited: Bool { isWaiting && deadline > .now() }

    var replies: EventLoopFuture<[RESPValue]> { promise.futureResult }

    /// Marks the request as sent.
    ///
    /// - Returns: false when it must not be sent, because it was abandoned.
    func beginSending() -> Bool {
        stage.compareExchange(expected: .waiting, desired: .sent, ordering: .acquiringAndReleasing).exchanged
    }

    /// Stops waiting, if that leaves no doubt: a command that was sent is waited for until its time-out, unless it is one
    /// that blocks.
    func cancel() {
        let isUnsent = stage.compareExchange(
            expected: .waiting, desired: .abandoned, ordering: .acquiringAndReleasing
        ).exchanged
        if isUnsent || closesWhenAbandoned { promise.fail(CancellationError()) }
    }

    func succeed(_ replies: [RESPValue]) { promise.succeed(replies) }

    /// Answers the caller with an error, unless it has an answer.
    func fail(_ error: any Error) {
        stage.store(.abandoned, ordering: .releasing)
        promise.fail(error)
    }
}
