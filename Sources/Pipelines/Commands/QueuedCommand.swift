public import EventSourcing

/// A command on its way through a queue, as its sender sees it.
struct QueuedCommand: Sendable {
    let command: RegisteredCommand
    let value: any Sendable
    let payload: EventPayload
    let key: CommandKey
    let context: MessageContext

    /// Adds the command's job and waits until a worker has handled it.
    func send(
        through queue: any JobQueue, jobID: String, _ options: QueuedCommandOptions
    ) async throws -> CommandResult {
        let tenant = context.tenant
        if let result = try await command.result(of: value, by: key, in: tenant, isRepetition: true) { return result }
        let job = Job(
            id: jobID, name: command.name,
            data: try CommandJob(payload: payload, key: key, context: context).data(of: command.name),
            options: options.job)
        for case .refused(let reason) in try await queue.add([job]) {
            throw CommandNotAccepted(command: command.name, reason: reason)
        }
        let deadline = ContinuousClock.now + options.timeout
        var pause = Duration.milliseconds(2)
        while true {
            if let result = try await command.result(of: value, by: key, in: tenant, isRepetition: false) {
                return result
            }
            guard ContinuousClock.now < deadline else {
                throw CommandResultPending(command: command.name, commandID: key.id, timeout: options.timeout)
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, options.pollInterval)
        }
    }
}

/// A queue does not take a command, now or later.
public struct CommandNotAccepted: CategorizedError, Hashable, CustomStringConvertible {
    public let command: String
    public let reason: String

    public var category: ErrorCategory { .validation }

    public var description: String { "the queue does not take the command \(command): \(reason)" }
}

/// A command is in a queue, and nobody has handled it in time: no worker runs, or its attempts fail.
public struct CommandResultPending: CategorizedError, Hashable, CustomStringConvertible {
    public let command: String
    public let commandID: String
    public let timeout: Duration

    public var category: ErrorCategory { .transient }

    public var description: String {
        """
        the command \(command) was queued, and was not handled within \(timeout). It may be handled later: send it again \
        with the id \(commandID) to get its result
        """
    }
}
