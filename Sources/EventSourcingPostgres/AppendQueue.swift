import EventSourcing

/// Which appends wait, and which go together into the next batch.
///
/// A batch is taken whenever there is room for one in flight, so that an idle store adds no wait; what comes while
/// batches are in flight is collected. A stream, and a command, stands at most once in a batch: the next append to it
/// waits for the next batch, and nobody overtakes it there.
struct AppendQueue<Caller: Sendable>: BatchQueue {
    /// An append that waits, and who waits for it.
    private struct Entry: Sendable {
        let caller: Caller
        let append: Append
        let events: Int
        let size: Int

        init(_ append: Append, for caller: Caller) {
            self.caller = caller
            self.append = append
            events = append.eventCount
            size = append.size
        }
    }

    private let limits: AppendLimits.Batches
    private var waiting: [Entry] = []
    private var batchesInFlight = 0

    init(limits: AppendLimits.Batches) { self.limits = limits }

    mutating func add(_ append: Append, for caller: Caller) -> Bool {
        guard waiting.count < limits.waitingAppends else { return false }
        waiting.append(Entry(append, for: caller))
        return true
    }

    mutating func putBack(_ appends: [(item: Append, caller: Caller)]) {
        waiting.insert(contentsOf: appends.map { Entry($0.item, for: $0.caller) }, at: 0)
    }

    /// Takes the next batch, in the order of arrival.
    mutating func takeBatch() -> [Caller] {
        guard batchesInFlight < limits.inFlight, !waiting.isEmpty else { return [] }
        var (batch, left): ([Caller], [Entry]) = ([], [])
        var (events, size, taken) = (0, 0, Taken())
        for (place, entry) in waiting.enumerated() {
            let fits = events + entry.events <= limits.events && size + entry.size <= limits.size
            guard batch.isEmpty || fits else {
                left += waiting[place...]
                break
            }
            guard taken.take(entry.append) else {
                left.append(entry)
                continue
            }
            batch.append(entry.caller)
            events += entry.events
            size += entry.size
        }
        waiting = left
        batchesInFlight += 1
        return batch
    }

    mutating func takeAtOnce() -> Bool {
        guard batchesInFlight == 0, waiting.isEmpty else { return false }
        batchesInFlight += 1
        return true
    }

    var count: Int { waiting.count }

    mutating func finish() { batchesInFlight -= 1 }

    mutating func remove(where matches: (Caller) -> Bool) -> Caller? {
        waiting.firstIndex { matches($0.caller) }.map { waiting.remove(at: $0).caller }
    }

    mutating func removeAll(where matches: (Caller) -> Bool) -> [Caller] {
        let removed = waiting.lazy.map(\.caller).filter(matches)
        if !removed.isEmpty { waiting.removeAll { matches($0.caller) } }
        return removed
    }

    var callers: [Caller] { waiting.map(\.caller) }
}

/// The streams and commands that stand in a batch, or before it in the queue.
private struct Taken {
    private struct Command: Hashable {
        let tenant: TenantID
        let id: String
    }

    private var streams = Set<StreamName>()
    private var commands = Set<Command>()

    /// Takes what the append needs; false when something of it was taken.
    mutating func take(_ append: Append) -> Bool {
        var isFree = true
        for part in append.streams where !streams.insert(part.stream).inserted { isFree = false }
        if let command = append.command {
            let command = Command(tenant: append.streams[0].stream.tenant, id: command.id)
            if !commands.insert(command).inserted { isFree = false }
        }
        return isFree
    }
}
