/// What kind of trouble an error is, and so what to do about it.
public enum ErrorCategory: Hashable, Sendable {
    /// The input breaks a rule. Repeating it changes nothing: tell the caller.
    case validation
    /// Somebody else was first. Read again and decide again.
    case conflict
    /// The surroundings failed: a database that is down, a lost connection, a time-out. Try again after a pause.
    case transient
    /// One stored message cannot be handled by this program. Put it aside and look at it.
    case poison
    /// Nothing that waiting or skipping could mend: stop.
    case fatal
}

/// An error that knows its category.
public protocol CategorizedError: Error {
    var category: ErrorCategory { get }
}

extension WrongExpectedRevision: CategorizedError {
    public var category: ErrorCategory { .conflict }
}

extension CheckpointMoved: CategorizedError {
    public var category: ErrorCategory { .conflict }
}

extension AppendRejected: CategorizedError {
    public var category: ErrorCategory { .validation }
}

extension CommandIDReused: CategorizedError {
    public var category: ErrorCategory { .validation }
}

extension AppendOutcomeUnknown: CategorizedError {
    public var category: ErrorCategory { .transient }
}

extension TenantMismatch: CategorizedError {
    public var category: ErrorCategory { .validation }
}

extension EventNotFound: CategorizedError {
    public var category: ErrorCategory { .validation }
}

extension InvalidName: CategorizedError {
    public var category: ErrorCategory { .validation }
}

extension StoreOverloaded: CategorizedError {
    public var category: ErrorCategory { .transient }
}

extension StoreTimedOut: CategorizedError {
    public var category: ErrorCategory { .transient }
}

extension ReadModelBehind: CategorizedError {
    public var category: ErrorCategory { .transient }
}

extension UndecodableEvent: CategorizedError {
    public var category: ErrorCategory { .poison }
}
