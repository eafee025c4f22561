public import EventSourcing

/// A pipeline that could not work, and everything that is wrong with it.
public struct InvalidPipeline: CategorizedError, Hashable, CustomStringConvertible {
    /// The name of the pipeline.
    public let pipeline: String
    /// A sentence for each mistake.
    public let faults: [String]

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
    /// Names the pipeline and every fault.
    public var description: String { "the pipeline \"\(pipeline)\" is not valid: \(faults.joined(separator: "; "))" }
}

/// A projection was asked for that a pipeline does not have, or not with such documents.
public struct UnknownProjection: CategorizedError, Hashable, CustomStringConvertible {
    /// The name that was asked for.
    public let projection: String
    /// The name of the pipeline.
    public let pipeline: String
    /// What is wrong, and what there is.
    public let reason: String

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
    /// Names pipeline and projection, and says what is wrong.
    public var description: String {
        "the pipeline \"\(pipeline)\" has no such projection \"\(projection)\": \(reason)"
    }
}

/// A pipeline that is shutting down takes no more commands; this one was not handled.
public struct PipelineStopping: CategorizedError, Hashable, CustomStringConvertible {
    /// The name of the pipeline.
    public let pipeline: String

    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }
    /// Names the pipeline, and says to try again elsewhere.
    public var description: String {
        "the pipeline \"\(pipeline)\" is shutting down and takes no more commands: send it again to another process"
    }
}
