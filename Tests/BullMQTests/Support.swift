import BullMQ
import FoundationEssentials
import Logging
import RedisTesting
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization

/// Runs `body` with a server and a client of it, both its own.
func withClient(
    _ arguments: [String] = [], configure: @Sendable (inout RedisConfiguration) -> Void = { _ in },
    _ body: @Sendable (RedisClient, RedisServer) async throws -> Void
) async throws {
    try await RedisServer.running(arguments) { server in
        try await withClient(of: server.url, configure: configure) { try await body($0, server) }
    }
}

/// Runs `body` with a client, which is closed afterwards.
func withClient(
    of url: String, configure: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisClient) async throws -> Void
) async throws {
    var configuration = RedisConfiguration.bullMQ(try RedisURL(url))
    configure(&configuration)
    let client = try RedisClient(configuration)
    do {
        try await body(client)
    } catch {
        await client.close()
        throw error
    }
    await client.close()
}

/// Runs `body` with a queue on a server of its own.
func withQueue(
    _ arguments: [String] = [], _ body: @Sendable (BullMQQueue, RedisServer) async throws -> Void
) async throws {
    try await withClient(arguments) { client, server in try await body(BullMQQueue("letters", client: client), server) }
}

/// What was seen, in order.
final class Recorder<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var all: [Value] { values.withLock { $0 } }
    func record(_ value: Value) { values.withLock { $0.append(value) } }
}

extension Service {
    /// Runs the worker while `body` runs, then shuts it down gracefully.
    func running(_ body: @Sendable () async throws -> Void) async throws {
        try await testGracefulShutdown { shutdown in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await run() }
                try await body()
                shutdown.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
    }
}

extension BullMQWorkerConfiguration {
    /// One in which nothing takes long.
    static var impatient: BullMQWorkerConfiguration {
        var configuration = BullMQWorkerConfiguration()
        configuration.lockDuration = .milliseconds(400)
        configuration.stalledInterval = .milliseconds(150)
        configuration.drainDelay = .milliseconds(300)
        return configuration
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension BullMQJob {
    /// A job whose data names it.
    init(_ id: String, options: BullMQJobOptions = BullMQJobOptions()) {
        self.init(id: id, name: "send", data: #"{"letter":"\#(id)"}"#, options: options)
    }
}

/// Options with some of them changed.
func options(_ change: (inout BullMQJobOptions) -> Void) -> BullMQJobOptions {
    var options = BullMQJobOptions()
    change(&options)
    return options
}
