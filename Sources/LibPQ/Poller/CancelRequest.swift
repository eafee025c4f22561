import CLibPQ
import Synchronization

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

    /// Sends it from a thread of its own, since libpq 15 blocks meanwhile, and forgets it. It is a courtesy to the
    /// server: not sent while many others are on their way, which happens when the server hangs.
    consuming func send() {
        let request = self
        guard Self.running.wrappingAdd(1, ordering: .relaxed).newValue <= Self.limit,
            startThread({
                // For an error text of 256 bytes, as the manual wants it: libpq writes into it whether asked to or not.
                withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
                    _ = PQcancel(request.cancel, text.baseAddress, Int32(text.count))
                }
                request.end()
            })
        else { return request.end() }
    }

    private func end() {
        PQfreeCancel(cancel)
        Self.running.wrappingSubtract(1, ordering: .relaxed)
    }

    private static let running = Atomic(0)
    private static let limit = 16
}
