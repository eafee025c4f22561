public import FoundationEssentials

/// Events of a stream or of the log, as many as there are, read page by page while they are consumed.
///
/// It ends at the last event that there was when it came there; it does not wait for new ones.
public struct EventSequence: AsyncSequence, Sendable {
    /// Events as they are stored.
    public typealias Element = RecordedEvent
    /// What the store throws.
    public typealias Failure = any Error

    /// Reads the page that follows an event, or the first one.
    fileprivate let nextPage: @Sendable (_ last: RecordedEvent?) async throws -> [RecordedEvent]
    fileprivate let pageSize: Int

    /// Begins to read with the first page.
    public func makeAsyncIterator() -> Iterator { Iterator(sequence: self) }

    /// Reads a page whenever it has handed out the one before.
    public struct Iterator: AsyncIteratorProtocol {
        private let sequence: EventSequence
        private var page: [RecordedEvent] = []
        private var place = 0
        private var isLastPage = false

        fileprivate init(sequence: EventSequence) { self.sequence = sequence }

        /// The next event; nil at the end that the log or stream had when it was reached.
        public mutating func next() async throws -> RecordedEvent? {
            if place == page.count {
                if isLastPage { return nil }
                page = try await sequence.nextPage(page.last)
                place = 0
                isLastPage = page.count < sequence.pageSize
                if page.isEmpty { return nil }
            }
            defer { place += 1 }
            return page[place]
        }
    }
}

extension EventReader {
    /// The events of a stream.
    ///
    /// - Parameters:
    ///   - start: the first revision to read, included; nil begins at the end that the direction starts from.
    ///   - pageSize: how many events are held in memory at once.
    public func events(
        of stream: StreamName, from start: Revision? = nil, _ direction: ReadDirection = .forwards, pageSize: Int = 500
    ) -> EventSequence {
        EventSequence(
            nextPage: { last in
                guard let last else { return try await read(stream, from: start, direction, limit: pageSize) }
                switch direction {
                case .forwards:
                    return try await read(stream, from: last.revision.next, .forwards, limit: pageSize)
                case .backwards:
                    guard last.revision > .first else { return [] }
                    let next = Revision(last.revision.rawValue - 1)
                    return try await read(stream, from: next, .backwards, limit: pageSize)
                }
            }, pageSize: pageSize)
    }

    /// The events of the log that pass the filter.
    ///
    /// - Parameters:
    ///   - start: the position to read on from, *excluded*; nil begins at the end that the direction starts from.
    ///   - pageSize: how many events are held in memory at once.
    public func log(
        after start: Position? = nil, _ direction: ReadDirection = .forwards, matching filter: LogFilter = .all,
        pageSize: Int = 500
    ) -> EventSequence {
        EventSequence(
            nextPage: { last in
                try await readLog(after: last?.position ?? start, direction, matching: filter, limit: pageSize)
            }, pageSize: pageSize)
    }

    /// The events of the log that happened at a time or later, see ``RecordedEvent/happenedAt``, and pass the filter, in
    /// the order of the log.
    ///
    /// No event happens after it was recorded, so all of them were recorded since, and the log is read from there on: the
    /// times of recording are searched by halving, and nothing has to be stored or indexed for it.
    public func log(
        happenedSince time: Date, matching filter: LogFilter = .all, pageSize: Int = 500
    ) -> AsyncFilterSequence<EventSequence> {
        // A microsecond is the resolution of the times.
        log(since: time.addingTimeInterval(-0.000_001), matching: filter, pageSize: pageSize)
            .filter { $0.happenedAt >= time }
    }

    /// The events of the log that were recorded after a time and pass the filter, the oldest first.
    public func log(since time: Date, matching filter: LogFilter = .all, pageSize: Int = 500) -> EventSequence {
        EventSequence(
            nextPage: { last in
                var start = last?.position
                if start == nil { start = try await position(at: time) }
                return try await readLog(after: start, .forwards, matching: filter, limit: pageSize)
            }, pageSize: pageSize)
    }
}
