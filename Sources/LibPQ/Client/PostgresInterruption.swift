import Synchronization

/// Cancels a write at the server. Its caller is answered only when the outcome is certain.
///
/// One interruption is for one statement after the other. It can be raised again and again, since a request to cancel may
/// get lost, and may arrive too late.
package final class PostgresInterruption: Sendable {
    private let request = Mutex<(@Sendable () -> Void)?>(nil)

    package init() {}

    /// Asks the server to cancel the statement that is under way; nothing happens if none is.
    package func raise() { request.withLock(\.self)?() }

    /// Calls `cancel` when it is raised; nil when nothing is under way any more.
    func arm(_ cancel: (@Sendable () -> Void)?) { request.withLock { $0 = cancel } }
}
