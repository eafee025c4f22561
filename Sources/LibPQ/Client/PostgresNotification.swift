/// What ``PostgresClient/notifications(on:)`` yields.
public enum PostgresNotification: Hashable, Sendable {
    /// `LISTEN` is in force from now on, for the first time or again after a lost connection. Whatever was sent before
    /// may have been missed: look once for yourself.
    case listening
    /// A `NOTIFY` of the server process with this identifier.
    case received(payload: String, processID: Int32)
}

/// A task that listens on a channel.
struct Subscription: Sendable {
    let id: RequestID
    let channel: String
    let stream: AsyncThrowingStream<PostgresNotification, any Error>.Continuation
}
