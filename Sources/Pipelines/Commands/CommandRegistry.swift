public import EventSourcing

/// The commands that a program knows, by name: how each is decoded, and by which store it is handled.
public struct CommandRegistry: Sendable {
    private var commands: [String: RegisteredCommand] = [:]

    /// A registry without commands.
    public init() {}

    /// Adds a command, for the aggregates of a category.
    ///
    /// - Throws: ``InvalidCommandRegistration`` when another command has this name.
    public mutating func register<C: AggregateCommand>(
        _ command: C.Type, handledBy store: AggregateStore<C.Aggregate>, in category: StreamCategory
    ) throws(InvalidCommandRegistration) {
        guard commands[C.name] == nil else { throw InvalidCommandRegistration(command: C.name) }
        commands[C.name] = RegisteredCommand(command, handledBy: store, in: category)
    }

    /// In alphabetical order.
    public var names: [String] { commands.keys.sorted() }

    /// The command that is called so.
    ///
    /// - Throws: ``CommandNotRegistered``, which lists those that are known.
    public func command(named name: String) throws(CommandNotRegistered) -> RegisteredCommand {
        guard let command = commands[name] else { throw CommandNotRegistered(command: name, known: names) }
        return command
    }
}

/// A ``CommandRegistry``, or a pipeline, has no command of this name.
public struct CommandNotRegistered: CategorizedError, Hashable, CustomStringConvertible {
    /// The name that no command has.
    public let command: String
    /// In alphabetical order.
    public let known: [String]

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }

    /// Names the command, and says what to do.
    public var description: String {
        let known = known.isEmpty ? "none" : known.joined(separator: ", ")
        return """
            no command "\(command)" is registered here: register it, or send it to the pipeline that has it; \
            there are: \(known)
            """
    }
}

/// Two commands have one name, by which neither a queue nor a log could tell them apart.
public struct InvalidCommandRegistration: CategorizedError, Hashable, CustomStringConvertible {
    /// The name that two commands have.
    public let command: String

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }

    /// Names the command, and says what to do.
    public var description: String { "two commands are called \"\(command)\": rename one of them" }
}
