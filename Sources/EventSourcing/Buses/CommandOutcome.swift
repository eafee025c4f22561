// How the end of a command on an aggregate is stored with its key, and read again: by who sends it a second time, and by
// who has sent it through a queue.

/// A refusal as it is stored with its command. A command that was carried out has nothing stored but its events.
struct StoredRefusal: Codable {
    let refused: Content

    struct Content: Codable {
        let code: String?
        let reason: String
    }

    init(_ refusal: CommandRefused) { refused = Content(code: refusal.code, reason: refusal.reason) }
}

extension CommandRefused {
    /// What is stored with the command, see ``Append/outcome``.
    package func stored() throws -> [UInt8] { try EventPayload(encoding: StoredRefusal(self)).bytes }

    /// - Parameter bytes: what ``stored()`` was.
    init(
        _ bytes: [UInt8], of command: String, id: String, isRepetition: Bool
    ) throws(UnreadableCommandOutcome) {
        guard let stored = try? EventPayload(bytes: bytes).decode(StoredRefusal.self).refused else {
            throw UnreadableCommandOutcome(commandID: id)
        }
        self.init(command: command, code: stored.code, reason: stored.reason, isRepetition: isRepetition)
    }
}

extension CommandResult {
    /// The result of a command that a store has handled.
    ///
    /// - Throws: ``CommandRefused`` and ``UnreadableCommandOutcome``.
    package init(
        _ outcome: AppendOutcome, of command: String, id: String, on stream: StreamName, isRepetition: Bool
    ) throws {
        if let stored = outcome.commandOutcome {
            throw try CommandRefused(stored, of: command, id: id, isRepetition: isRepetition)
        }
        self.init(
            stream: stream, revision: outcome.revisions[stream], position: outcome.position,
            isRepetition: isRepetition)
    }
}

/// What is stored with a command is no outcome of an ``AggregateCommand``: its key was used by something else.
public struct UnreadableCommandOutcome: CategorizedError, Hashable, CustomStringConvertible {
    /// The id of the command.
    public let commandID: String

    /// Put the message aside, and look at it.
    public var category: ErrorCategory { .poison }

    /// Names the command, and says what is wrong.
    public var description: String {
        "what is stored with command \"\(commandID)\" is not the outcome of a command on an aggregate; "
            + "send a new command with an id of its own"
    }
}
