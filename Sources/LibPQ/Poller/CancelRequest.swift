import CLibPQ

/// Asks the server to stop what a connection is running, through a connection that libpq makes for that.
///
/// `@unchecked Sendable`: a `PGcancel` is a copy of what the request needs, independent of its connection and made to
/// be used on another thread (PostgreSQL manual, "Canceling Queries in Progress"); `send` is its only use.
struct CancelRequest: @unchecked Sendable {
    private let cancel: OpaquePointer

    init?(_ connection: OpaquePointer) {
        guard let cancel = PQgetCancel(connection) else { return nil }
        self.cancel = cancel
    }

    /// Sends it from a thread of its own, since libpq 15 blocks meanwhile, and forgets it.
    consuming func send() {
        let request = self
        let hasThread = startThread {
            PQcancel(request.cancel, nil, 0)
            PQfreeCancel(request.cancel)
        }
        if !hasThread { PQfreeCancel(request.cancel) }
    }
}
