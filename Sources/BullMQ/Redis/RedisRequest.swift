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
    private let isAbandoned = Atomic(false)

    init(
        _ commands: [RedisCommand], timeout: Duration, closesWhenAbandoned: Bool = false, on eventLoop: any EventLoop
    ) {
        var bytes = ByteBufferAllocator().buffer(capacity: 512 * commands.count)
        for command in commands { command.write(into: &bytes) }
        self.bytes = bytes
        self.commands = commands.count
        deadline = .now() + TimeAmount(timeout)
        self.closesWhenAbandoned = closesWhenAbandoned
        promise = eventLoop.makePromise()
    }

    /// Whether the caller still waits.
    var isAwaited: Bool { !isAbandoned.load(ordering: .acquiring) && deadline > .now() }

    var replies: EventLoopFuture<[RESPValue]> { promise.futureResult }

    func succeed(_ replies: [RESPValue]) { promise.succeed(replies) }

    /// Answers the caller with an error, unless it has an answer.
    func fail(_ error: any Error) {
        isAbandoned.store(true, ordering: .releasing)
        promise.fail(error)
    }
}
