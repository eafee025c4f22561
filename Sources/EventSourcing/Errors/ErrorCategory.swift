/// What kind of failure an error is, and so what to do about it; see ``reaction`` and ``answer``.
public enum ErrorCategory: Hashable, CaseIterable, Sendable {
    /// The input breaks a rule. Repeating it changes nothing.
    case validation
    /// Another writer was first. Read again and decide again.
    case conflict
    /// The environment failed: a database that is down, a lost connection, a timeout. Try again after a pause.
    case transient
    /// One stored message cannot be handled by this program. Put it aside for an administrator.
    case poison
    /// Neither waiting nor skipping a message helps: stop until an administrator has acted.
    case fatal

    /// The category of any error.
    ///
    /// An error that does not say its category may pass: it is transient. Every component that repeats a message bounds
    /// the attempts, or shows that it does not get on.
    public init(of error: any Error) { self = (error as? any CategorizedError)?.category ?? .transient }
}

// MARK: - What is done

/// What is done about an error.
public enum ErrorReaction: Hashable, Sendable {
    /// The sender is told, and should not send the same again.
    case refuse
    /// It is tried again after a pause.
    case retry
    /// The message is put aside for an administrator, and those that do not depend on it go on.
    case park
    /// Nothing more is handled until an administrator has acted.
    case stop
}

extension ErrorCategory {
    /// What becomes of a stored message whose handling failed: an event of a projection, a subscription or a relay, or a job
    /// of a worker.
    public var reaction: ErrorReaction { reactions.ofMessage }

    /// What the sender of a command, a query or a request is told, who waits for an answer.
    public var answer: ErrorReaction { reactions.toSender }

    /// The one table of what is done about errors.
    private var reactions: (ofMessage: ErrorReaction, toSender: ErrorReaction) {
        switch self {
        case .validation: (.park, .refuse)
        case .conflict: (.retry, .retry)
        case .transient: (.retry, .retry)
        case .poison: (.park, .refuse)
        case .fatal: (.stop, .stop)
        }
    }
}

/// An error that knows its category.
public protocol CategorizedError: Error {
    var category: ErrorCategory { get }
}

extension WrongExpectedRevision: CategorizedError {
    /// Read again and decide again.
    public var category: ErrorCategory { .conflict }
}

extension CheckpointMoved: CategorizedError {
    /// Read again and decide again.
    public var category: ErrorCategory { .conflict }
}

extension AppendRejected: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension CommandIDReused: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension AppendOutcomeUnknown: CategorizedError {
    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }
}

extension TenantMismatch: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension EventNotFound: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension InvalidName: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension StoreOverloaded: CategorizedError {
    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }
}

extension StoreTimedOut: CategorizedError {
    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }
}

extension ReadModelBehind: CategorizedError {
    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }
}

extension UndecodableEvent: CategorizedError {
    /// Put the message aside, and look at it.
    public var category: ErrorCategory { .poison }
}
