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
    /// The name of the command.
    public let command: String
    /// What the queue said.
    public let reason: String

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }

    /// Names the command, and says why.
    public var description: String { "the queue does not take the command \(command): \(reason)" }
}

/// A command is in a queue and was not handled in time: no worker runs, or its attempts fail.
public struct CommandResultPending: CategorizedError, Hashable, CustomStringConvertible {
    /// The name of the command.
    public let command: String
    /// The id with which its result can be asked for.
    public let commandID: String
    /// How long its result was waited for.
    public let timeout: Duration

    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }

    /// Names the command, and says how to find out.
    public var description: String {
        """
        the command \(command) was queued, and was not handled within \(timeout). It may be handled later: send it again \
        with the id \(commandID) to get its result
        """
    }
}
