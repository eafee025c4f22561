public import NIOCore
public import NIOPosix
public import ServiceLifecycle
import Synchronization

/// One connection to Redis that all callers share: their commands are sent at once, and answered in order.
///
/// It connects when it is first used, and again after a loss. A command waits for the connection until its time-out. As a
/// service it closes the connection at shutdown; without one, call ``close()``.
public final class RedisClient: Service, Sendable {
    /// What the client was made with.
    public let configuration: RedisConfiguration
    private let eventLoop: any EventLoop
    private let connector: RedisConnector
    private let shared = Mutex(Shared())

    private struct Shared: ~Copyable {
        var connection = RedisConnectionState<any Channel>()
        var pendingCommands = 0
        var pendingBytes = 0
    }

    /// - Throws: ``RedisError`` of ``RedisError/Code/invalidConfiguration``. Nothing is connected yet.
    public init(
        _ configuration: RedisConfiguration, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws {
        self.configuration = configuration
        eventLoop = group.next()
        connector = try RedisConnector(configuration, on: eventLoop)
    }

    /// Waits for the graceful shutdown, then closes the connection.
    public func run() async throws {
        try? await gracefulShutdown()
        await close()
    }

    /// Closes the connection. Commands without a reply fail; so does every later one.
    public func close() async {
        let (channel, waiting) = shared.withLock { $0.connection.close() }
        for request in waiting { request.fail(RedisError(.closed, "the Redis client was closed")) }
        try? await channel?.close()
    }

    /// Why there is no connection; nil when there is one, and before the first use.
    public var failure: RedisError? { shared.withLock { $0.connection.failure } }

    /// A client with a separate connection to the same server, for commands that block.
    func forBlocking() throws -> RedisClient {
        var configuration = configuration
        configuration.scripts = []
        return try RedisClient(configuration, on: eventLoop)
    }
}

// MARK: - Commands

extension RedisClient {
    /// Sends one command.
    ///
    /// - Throws: ``RedisError``, also for an error reply; `CancellationError` when the task is cancelled before the command
    ///   is sent. After that the reply is awaited, since the outcome of the command would be unknown.
    public func send(_ command: RedisCommand) async throws -> RESPValue {
        try Self.checked(try await pipeline([command])[0])
    }

    /// Sends commands together, in their order.
    ///
    /// - Returns: the reply to each; an error reply is a value among them.
    /// - Throws: ``RedisError`` when there is no connection or it is lost; `CancellationError`.
    public func pipeline(_ commands: [RedisCommand]) async throws -> [RESPValue] {
        if commands.isEmpty { return [] }
        return try await submit(request(commands))
    }

    /// Sends a command that Redis answers only after a while. When the task is cancelled, the connection is closed.
    func block(_ command: RedisCommand, atMost duration: Duration) async throws -> RESPValue {
        let request = RedisRequest(
            [command], timeout: duration + configuration.commandTimeout, closesWhenAbandoned: true, on: eventLoop)
        return try Self.checked(try await submit(request)[0])
    }

    /// Sends a command that matters little: without Redis it fails soon.
    func attempt(_ command: RedisCommand) async throws -> RESPValue {
        let timeout = min(configuration.commandTimeout, .milliseconds(500))
        return try Self.checked(try await submit(RedisRequest([command], timeout: timeout, on: eventLoop))[0])
    }

    /// Runs a script.
    ///
    /// - Throws: as ``send(_:)``.
    public func run(
        _ script: RedisScript, keys: [RedisArgument], arguments: [RedisArgument]
    ) async throws -> RESPValue {
        try Self.checked(try await run(script, keys: keys, each: [arguments])[0])
    }

    /// Runs a script several times, in order, without waiting for replies in between. Each call is sent when it is
    /// written, so that Redis works on the first while the next is written.
    ///
    /// - Parameter arguments: those of each call; a lazy collection is evaluated call by call.
    /// - Returns: the reply to each; an error reply is a value among them.
    public func run(
        _ script: RedisScript, keys: [RedisArgument], each arguments: some Collection<[RedisArgument]>
    ) async throws -> [RESPValue] {
        let requests = arguments.map { arguments in
            let request = request([script.callByHash(keys, arguments)])
            submitLater(request)
            return request
        }
        var replies = try await withTaskCancellationHandler {
            var replies: [RESPValue] = []
            for request in requests { replies += try await request.replies.get() }
            return replies
        } onCancel: {
            for request in requests { request.cancel() }
        }
        let unknown = replies.indices.filter { index in
            if case .error(let text) = replies[index] { text.hasPrefix("NOSCRIPT") } else { false }
        }
        if unknown.isEmpty { return replies }
        let again = try await pipeline(
            zip(replies.indices, arguments).filter { unknown.contains($0.0) }.map { script.callBySource(keys, $0.1) })
        for (index, reply) in zip(unknown, again) { replies[index] = reply }
        return replies
    }

    private func request(_ commands: [RedisCommand]) -> RedisRequest {
        RedisRequest(commands, timeout: configuration.commandTimeout, on: eventLoop)
    }

    private static func checked(_ reply: RESPValue) throws -> RESPValue {
        if case .error(let text) = reply { throw RedisError(reply: text) }
        return reply
    }
}

// MARK: - Connection

extension RedisClient {
    private func submit(_ request: RedisRequest) async throws -> [RESPValue] {
        submitLater(request)
        return try await withTaskCancellationHandler {
            try await request.replies.get()
        } onCancel: {
            request.cancel()
        }
    }

    /// Sends a request when there is a connection; the caller awaits its replies.
    private func submitLater(_ request: RedisRequest) {
        guard admit(request) else {
            request.fail(RedisError(.overloaded, "too many commands wait for Redis"))
            return
        }
        request.replies.whenComplete { [self] _ in dismiss(request) }
        start(request)
    }

    private func start(_ request: RedisRequest) {
        switch shared.withLock({ $0.connection.submit(request) }) {
        case .send(let channel, let id): write(request, to: channel, id)
        case .connect:
            limitWait(of: request)
            connect()
        case .wait: limitWait(of: request)
        case .refuse(let error): request.fail(error)
        }
    }

    private func admit(_ request: RedisRequest) -> Bool {
        shared.withLock { shared in
            guard
                shared.pendingCommands == 0
                    || shared.pendingCommands + request.commands <= configuration.pendingCommands
                        && shared.pendingBytes + request.bytes.readableBytes <= configuration.pendingBytes
            else { return false }
            shared.pendingCommands += request.commands
            shared.pendingBytes += request.bytes.readableBytes
            return true
        }
    }

    private func dismiss(_ request: RedisRequest) {
        shared.withLock { shared in
            shared.pendingCommands -= request.commands
            shared.pendingBytes -= request.bytes.readableBytes
        }
    }

    private func write(_ request: RedisRequest, to channel: any Channel, _ id: Int) {
        channel.write(request).whenFailure { [self] _ in
            // What was sent fails when the connection ends. This request came too late for the connection.
            guard request.isWaiting else { return }
            shared.withLock { $0.connection.lost(id) }
            start(request)
        }
        guard request.closesWhenAbandoned else { return }
        request.replies.whenFailure { _ in channel.close(promise: nil) }
    }

    /// Fails a request that still waits for a connection when its time is over.
    private func limitWait(of request: RedisRequest) {
        let timer = eventLoop.scheduleTask(deadline: request.deadline) { [self] in
            let failure = failure?.message ?? "there is no connection to Redis at \(configuration.url)"
            request.fail(RedisError(.unavailable, failure))
        }
        request.replies.whenComplete { _ in timer.cancel() }
    }

    private func connect() {
        connector.connect().whenComplete { [self] result in
            switch result {
            case .success(let channel): connected(channel)
            case .failure(let error):
                failed(error as? RedisError ?? RedisError(.unavailable, "Redis cannot be reached: \(error)"))
            }
        }
    }

    private func connected(_ channel: any Channel) {
        guard let (id, requests) = shared.withLock({ $0.connection.connected(channel) }) else {
            channel.close(promise: nil)
            return
        }
        for request in requests { write(request, to: channel, id) }
        channel.closeFuture.whenComplete { [self] _ in shared.withLock { $0.connection.lost(id) } }
    }

    private func failed(_ error: RedisError) {
        let next = shared.withLock { shared in
            shared.connection.failed(error) {
                configuration.pause(afterFailures: $0, random: .random(in: 0...1))
            }
        }
        switch next {
        case .rest(let requests):
            for request in requests { request.fail(error) }
        case .retry(let pause):
            eventLoop.scheduleTask(in: TimeAmount(pause)) { [self] in
                if shared.withLock({ $0.connection.pauseEnded() }) { connect() }
            }
        }
    }
}
