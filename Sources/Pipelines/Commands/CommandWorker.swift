public import EventSourcing
public import Logging
public import ServiceLifecycle

/// Handles the commands that come through a queue: what its worker calls for each job.
///
/// ```swift
/// let commands = CommandWorker(registry)
/// let worker = JobWorker(of: queue, logger: logger) { job, _ in try await commands.handle(job) }
/// ```
///
/// A command is handled once in effect. Its key is stored with its events by one append; when the worker is killed before
/// that, the job runs again and nothing has happened, and when it is killed after that, the job runs again and finds what
/// the command came to. A refusal is stored as well, and completes the job.
public struct CommandWorker: Sendable {
    /// Makes a service that takes jobs out of a queue, and calls ``handle(_:)`` for each.
    public typealias Maker = @Sendable (CommandWorker, Logger) throws -> any Service

    private let registry: CommandRegistry
    private let timeLimit: Duration

    /// - Parameter timeLimit: how long a command may take. One that takes longer is cancelled and tried again.
    public init(_ registry: CommandRegistry, timeLimit: Duration = .seconds(30)) {
        self.registry = registry
        self.timeLimit = timeLimit
    }

    /// Handles the command of a job.
    ///
    /// - Throws: ``UnreadableCommandJob``; ``CommandNotRegistered`` and ``/EventSourcing/InvalidFields``, which the sender
    ///   of the command is told, too; ``CommandTimedOut``; what the store throws. By the category of the error the queue
    ///   tries the job again, or keeps it as failed.
    public func handle(_ job: Job) async throws {
        let queued = try CommandJob(job)
        try await queued.context.run {
            do {
                let command = try registry.command(named: job.name)
                let value = try command.decode(queued.payload)
                try await withTimeLimit(of: command.name) {
                    do { _ = try await command.handle(value, in: queued.context) } catch is CommandRefused {
                        // It is stored with the command: that is how the command ended.
                    }
                }
            } catch  where ErrorCategory(of: error).reaction == .park {
                try await tell(error, of: job.name, queued)
                throw error
            }
        }
    }

    /// Stores with the command why it is not tried again, for its sender.
    private func tell(_ error: any Error, of command: String, _ queued: CommandJob) async throws {
        guard !(error is CommandIDReused), let events = registry.events(of: command) else { return }
        let refusal = CommandRefused(command: command, code: "not-handled", reason: "\(error)")
        let stream = try StreamName(
            category: StreamCategory(context: "pipelines", aggregate: "command", schema: 1),
            tenant: queued.context.tenant, entityID: "unhandled")
        _ = try await events.append(
            Append(
                [StreamAppend(asserting: stream, is: .noStream)], by: queued.key, outcome: try refusal.stored()))
    }

    private func withTimeLimit(of command: String, _ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                throw CommandTimedOut(command: command, limit: timeLimit)
            }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }
}

extension CommandRegistry {
    /// The store that handles a command; of an unknown one, any store.
    fileprivate func events(of command: String) -> (any EventStore)? {
        let name = names.contains(command) ? command : names.first
        return name.flatMap { try? self.command(named: $0).events }
    }
}

/// A command was cancelled because it took too long. Whether it was carried out is found out when it is tried again.
public struct CommandTimedOut: CategorizedError, Hashable, CustomStringConvertible {
    /// The name of the command.
    public let command: String
    /// How long it was allowed to take.
    public let limit: Duration

    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }

    /// Names the command and its limit.
    public var description: String { "the command \(command) took longer than \(limit) and was cancelled" }
}
