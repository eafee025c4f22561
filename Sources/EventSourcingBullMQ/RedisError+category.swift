public import BullMQ
public import EventSourcing

extension RedisError: CategorizedError {
    /// An error that may pass is transient; a script that fails, a reply that cannot be read or a refused sign-in is fatal,
    /// since it concerns every job and not this one.
    public var category: ErrorCategory { isTransient ? .transient : .fatal }
}
