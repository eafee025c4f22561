import DequeModule
import EventSourcing
import LibPQ

/// A page of a stream that somebody wants.
struct StreamRead: Sendable {
    /// Rows of a stream, in the order of reading; decoded by whom they are for.
    typealias Page = Slice<PostgresRows>

    let stream: StreamName
    let start: Revision
    let limit: Int

    /// Reads the pages, with one call; see <doc:GroupCommit>.
    ///
    /// - Returns: an answer for each, in their order.
    /// - Throws: also ``BatchGivenUp``.
    static func run(
        _ reads: [StreamRead], within bounds: BatchBounds, on client: PostgresClient
    ) async throws -> [Result<Page, any Error>] {
        let rows = try await givingUp {
            try await client.queryUninterrupted(
                PostgresCall(
                    ReadEvents.streams, reads.map(\.stream.tenant.rawValue), reads.map(\.stream.rawValue),
                    reads.map(\.start.rawValue), reads.map { Int64($0.limit) }),
                timeout: bounds.timeLeft)
        }
        guard reads.count > 1 else { return [.success(rows[...])] }
        var place = 0
        return try reads.indices.map { index in
            let start = place
            while place < rows.count, try Int(rows[place][rows[place].count - 1].decode(Int64.self)) == index + 1 {
                place += 1
            }
            return .success(rows[start..<place])
        }
    }

    /// Reads a page from its end.
    ///
    /// - Parameter start: the first revision to read, included; nil begins with the last event.
    static func backwards(
        _ stream: StreamName, from start: Revision?, limit: Int, on client: PostgresClient
    ) async throws -> Page {
        try await client.query(
            ReadEvents.streamBackwards, stream.tenant.rawValue, stream.rawValue, start?.rawValue, Int64(limit))[...]
    }
}

/// Which reads wait, and which go together into the next batch.
///
/// A batch that is not full goes only while few are in flight: under load more streams share a call then, and a call for
/// four streams takes PostgreSQL half of the time for each that a call for one takes.
struct StreamReadQueue<Caller: Sendable>: BatchQueue {
    /// More streams in a call gain nothing.
    private static var streamLimit: Int { 16 }
    /// Events of a batch, if all its pages are full: the memory that it may take.
    private static var eventLimit: Int { 4_000 }
    /// Batches in flight: two for each of two connections, so that the server finds the next one when one ends.
    private static var batchLimit: Int { 4 }
    /// While as many are in flight, only a full one follows: one for each connection, so that a long stream does not make
    /// those wait that come alone.
    private static var smallBatchLimit: Int { 2 }

    private var waiting: Deque<(caller: Caller, limit: Int)> = []
    private var batchesInFlight = 0

    var count: Int { waiting.count }

    mutating func add(_ read: StreamRead, for caller: Caller) -> Bool {
        waiting.append((caller, read.limit))
        return true
    }

    mutating func putBack(_ reads: [(item: StreamRead, caller: Caller)]) {
        waiting.prepend(contentsOf: reads.map { ($0.caller, $0.item.limit) })
    }

    mutating func takeBatch() -> [Caller] {
        guard isReady, !waiting.isEmpty else { return [] }
        var (batch, events): ([Caller], Int) = ([], 0)
        while batch.count < Self.streamLimit, let next = waiting.first,
            batch.isEmpty || events + next.limit <= Self.eventLimit
        {
            events += next.limit
            batch.append(next.caller)
            waiting.removeFirst()
        }
        batchesInFlight += 1
        return batch
    }

    /// Whether there is room for the batch that the waiting reads make.
    private var isReady: Bool {
        batchesInFlight < (waiting.count < Self.streamLimit ? Self.smallBatchLimit : Self.batchLimit)
    }

    mutating func takeAtOnce() -> Bool {
        guard batchesInFlight < Self.smallBatchLimit, waiting.isEmpty else { return false }
        batchesInFlight += 1
        return true
    }

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
