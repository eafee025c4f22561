/// The reading half of an event store: what projections and subscriptions may reach.
public protocol EventReader: Sendable {
    /// Events of one stream, in the order of reading.
    ///
    /// - Parameters:
    ///   - start: the first revision to read, included; nil begins at the end that the direction starts from.
    ///   - limit: the most events to return, at least 1.
    /// - Returns: as many events as there are up to the limit; none for a stream that does not exist.
    func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws
        -> [RecordedEvent]

    /// Events of the whole log, all tenants and streams, in the order of reading.
    ///
    /// - Parameters:
    ///   - start: the position to read on from, *excluded*; nil begins at the end that the direction starts from.
    ///   - limit: the most events to return, at least 1.
    func readLog(after start: Position?, _ direction: ReadDirection, limit: Int) async throws -> [RecordedEvent]

    /// The position of the last event in the log; ``Position/start`` when it is empty.
    func head() async throws -> Position
}

/// Which way events are read.
public enum ReadDirection: Hashable, Sendable {
    case forwards
    case backwards
}

extension EventReader {
    /// Every event of a stream from `start` on, in pages of `pageSize`.
    public func readAll(
        _ stream: StreamName, from start: Revision = .first, pageSize: Int = 500,
        _ consume: (RecordedEvent) throws -> Void
    ) async throws {
        var next = start
        while true {
            let page = try await read(stream, from: next, .forwards, limit: pageSize)
            for event in page { try consume(event) }
            guard page.count == pageSize, let last = page.last else { return }
            next = last.revision.next
        }
    }
}
