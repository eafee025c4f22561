import EventSourcing

/// Which appends wait, and which go together into the next batch. Pure: it knows neither tasks nor a database.
///
/// A batch is taken whenever there is room for one in flight, so that an idle store adds no wait; what comes while
/// batches are in flight is collected. A stream stands at most once in a batch: the next append to it waits for the next.
struct AppendQueue<Append> {
    /// An append that waits.
    struct Entry {
        fileprivate let append: Append
        fileprivate let stream: StreamName
        fileprivate let events: Int
        fileprivate let size: Int

        /// - Parameter size: data and metadata, in bytes.
        init(_ append: Append, to stream: StreamName, events: Int, size: Int) {
            self.append = append
            self.stream = stream
            self.events = events
            self.size = size
        }
    }

    private let limits: AppendLimits.Batches
    private var waiting: [Entry] = []
    private var batchesInFlight = 0

    init(limits: AppendLimits.Batches) { self.limits = limits }

    /// Lets an append wait.
    ///
    /// - Returns: false when too many wait already.
    mutating func add(_ entry: Entry) -> Bool {
        guard waiting.count < limits.waitingAppends else { return false }
        waiting.append(entry)
        return true
    }

    /// Takes the next batch, in the order of arrival, if there is room for one in flight; empty when there is none to
    /// take. A batch that was taken is to be finished.
    mutating func takeBatch() -> [Append] {
        guard batchesInFlight < limits.inFlight, !waiting.isEmpty else { return [] }
        var (batch, left): ([Append], [Entry]) = ([], [])
        var (events, size, streams) = (0, 0, Set<StreamName>())
        for (place, entry) in waiting.enumerated() {
            let fits = events + entry.events <= limits.events && size + entry.size <= limits.size
            guard batch.isEmpty || fits else {
                left += waiting[place...]
                break
            }
            guard streams.insert(entry.stream).inserted else {
                left.append(entry)
                continue
            }
            batch.append(entry.append)
            events += entry.events
            size += entry.size
        }
        waiting = left
        batchesInFlight += 1
        return batch
    }

    /// How many appends wait.
    var count: Int { waiting.count }

    /// Notes that a batch is no longer in flight.
    mutating func finish() { batchesInFlight -= 1 }

    /// Takes out the append that `matches`; nil when it does not wait any more.
    mutating func remove(where matches: (Append) -> Bool) -> Append? {
        waiting.firstIndex { matches($0.append) }.map { waiting.remove(at: $0).append }
    }
}
