public import EventSourcing

/// A pipeline that could not work, and everything that is wrong with it.
public struct InvalidPipeline: CategorizedError, Hashable, CustomStringConvertible {
    public let pipeline: String
    /// A sentence for each mistake.
    public let faults: [String]

    public var category: ErrorCategory { .validation }
    public var description: String { "the pipeline \"\(pipeline)\" is not valid: \(faults.joined(separator: "; "))" }
}

/// A command was sent to a pipeline that does not have it.
public struct UnknownCommand: CategorizedError, Hashable, CustomStringConvertible {
    public let command: String
    public let pipeline: String
    /// The names of those that it has.
    public let known: [String]

    public var category: ErrorCategory { .validation }
    public var description: String {
        """
        the pipeline "\(pipeline)" has no command "\(command)": add it with .command(…), or send it to its own pipeline; \
        there are: \(known.joined(separator: ", "))
        """
    }
}

/// A projection was asked for that a pipeline does not have, or not with such documents.
public struct UnknownProjection: CategorizedError, Hashable, CustomStringConvertible {
    public let projection: String
    public let pipeline: String
    public let reason: String

    public var category: ErrorCategory { .validation }
    public var description: String {
        "the pipeline \"\(pipeline)\" has no such projection \"\(projection)\": \(reason)"
    }
}

/// A pipeline that is shutting down takes no more commands; this one was not handled.
public struct PipelineStopping: CategorizedError, Hashable, CustomStringConvertible {
    public let pipeline: String

    public var category: ErrorCategory { .transient }
    public var description: String {
        "the pipeline \"\(pipeline)\" is shutting down and takes no more commands: send it again to another process"
    }
}
