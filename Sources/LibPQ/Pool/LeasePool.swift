import DequeModule

/// Names a connection of a client.
struct ConnectionID: Hashable, Sendable {
    let rawValue: UInt64
}

/// Which leased connections are free, which are leased, and which tasks wait for one, in order.
///
/// It opens nothing: its owner looks at the number of waiters, and adds and removes connections.
struct LeasePool<Waiter: Sendable>: Sendable {
    private struct Entry: Sendable {
        let id: RequestID
        let deadline: ContinuousClock.Instant
        let waiter: Waiter
    }

    let waiterLimit: Int
    /// Free connections; the last one used is lent first, so that what is not needed gets idle.
    private var free: [ConnectionID] = []
    private var lent: Set<ConnectionID> = []
    /// Lent ones that are not to be lent again.
    private var retired: Set<ConnectionID> = []
    /// All wait equally long, so that the first to time out is the first in line.
    private var waiters: Deque<Entry> = []

    init(waiterLimit: Int) { self.waiterLimit = waiterLimit }

    var waiterCount: Int { waiters.count }
    var lentCount: Int { lent.count }
    var freeCount: Int { free.count }
    var nextDeadline: ContinuousClock.Instant? { waiters.first?.deadline }

    /// Lends a free connection.
    mutating func lend() -> ConnectionID? {
        guard let connection = free.popLast() else { return nil }
        lent.insert(connection)
        return connection
    }

    /// Joins the line; `false` if it is too long.
    mutating func wait(_ waiter: Waiter, id: RequestID, until deadline: ContinuousClock.Instant) -> Bool {
        guard waiters.count < waiterLimit else { return false }
        waiters.append(Entry(id: id, deadline: deadline, waiter: waiter))
        return true
    }

    /// Takes in a new connection: lends it to the waiter that is returned, or keeps it.
    mutating func add(_ connection: ConnectionID) -> Waiter? {
        guard let entry = waiters.popFirst() else {
            free.append(connection)
            return nil
        }
        lent.insert(connection)
        return entry.waiter
    }

    /// Takes back a clean connection, unless it was removed meanwhile: lends it to the waiter that is returned.
    mutating func giveBack(_ connection: ConnectionID) -> Waiter? {
        lent.remove(connection) == nil ? nil : add(connection)
    }

    /// Lets a connection not be lent again: whether it is free, and gone with that.
    mutating func retire(_ connection: ConnectionID) -> Bool {
        if let index = free.firstIndex(of: connection) {
            free.remove(at: index)
            return true
        }
        if lent.contains(connection) { retired.insert(connection) }
        return false
    }

    func isRetired(_ connection: ConnectionID) -> Bool { retired.contains(connection) }

    /// Forgets a connection that is gone.
    mutating func remove(_ connection: ConnectionID) {
        retired.remove(connection)
        if lent.remove(connection) == nil { free.removeAll { $0 == connection } }
    }

    /// Takes one out of the line whose task was cancelled.
    mutating func cancel(_ id: RequestID) -> Waiter? {
        waiters.firstIndex { $0.id == id }.map { waiters.remove(at: $0).waiter }
    }

    /// Removes the waiting tasks that have timed out.
    mutating func expire(at now: ContinuousClock.Instant) -> [Waiter] {
        var expired: [Waiter] = []
        while let first = waiters.first, first.deadline <= now { expired.append(waiters.removeFirst().waiter) }
        return expired
    }

    mutating func removeAllWaiters() -> [Waiter] {
        defer { waiters.removeAll() }
        return waiters.map(\.waiter)
    }
}
