/// What makes a command that is sent twice one command: its id, and a hash of what it asks for.
public struct CommandKey: Hashable, Sendable {
    /// Chosen by the sender; 1 to 255 printable ASCII characters. Unique within a tenant.
    public let id: String
    /// The same for the same request, and different for every other: a SHA-256 of the request, for instance.
    public let requestHash: [UInt8]

    /// - Throws: ``InvalidName`` when the id breaks the rule above.
    public init(id: String, requestHash: [UInt8]) throws(InvalidName) {
        guard id.isName(upTo: 255, where: { $0 > 0x20 && $0 < 0x7f }) else {
            throw InvalidName(
                kind: "command id", value: id, rule: "use 1 to 255 printable ASCII characters without spaces")
        }
        self.id = id
        self.requestHash = requestHash
    }
}

/// A command that a store has handled, and how that ended.
public struct HandledCommand: Hashable, Sendable {
    /// What the command was sent with.
    public let key: CommandKey
    /// What it came to.
    public let outcome: AppendOutcome

    /// For stores.
    public init(key: CommandKey, outcome: AppendOutcome) {
        self.key = key
        self.outcome = outcome
    }

    /// The outcome, for whoever sends the command again.
    ///
    /// - Throws: ``CommandIDReused`` when `key` is that of another request.
    package func outcome(for key: CommandKey) throws(CommandIDReused) -> AppendOutcome {
        guard self.key == key else { throw CommandIDReused(commandID: key.id) }
        return AppendOutcome(
            revisions: outcome.revisions, position: outcome.position, isRepetition: true,
            commandOutcome: outcome.commandOutcome)
    }
}

/// The id of a command was used before, for another request. Nothing was written; a new request needs an id of its own.
public struct CommandIDReused: Error, Hashable, Sendable, CustomStringConvertible {
    /// The id that belongs to another request.
    public let commandID: String

    /// For stores.
    public init(commandID: String) { self.commandID = commandID }

    /// Names the id, and says what to do.
    public var description: String {
        "command id \"\(commandID)\" was used for another request: a new request needs an id of its own"
    }
}
