import FoundationEssentials

/// What a projection reads at once: events that it wants, and how far the reader has looked for them.
struct LogPage: Sendable {
    let events: [RecordedEvent]
    /// There is nothing for the projection between the last of the events and here.
    let end: Checkpoint
    /// There was no room for all: more is to be had at once.
    let isFull: Bool
}

/// Reads the log page by page, and makes sure with every page that it is still the log that the checkpoint is of.
///
/// A page is only used when the event at the checkpoint was found at its position by the same read, by one after it, or
/// in the process's own tail of the log, see ``LogTail``. An event store that is restored between two pages is noticed
/// with the next page that is read.
struct LogPages: Sendable {
    let reader: any EventReader
    let projection: String
    let filter: LogFilter
    let size: Int
    /// What this process has appended; nil where that is read like everything else.
    var tail: (any RecentEvents)?

    /// The checkpoint with what is missing from it, once it was made sure that it is one of this log.
    ///
    /// - Throws: ``ProjectionStopped`` when it is not.
    func verify(_ checkpoint: Checkpoint) async throws -> Checkpoint {
        let incarnation = try await reader.incarnation()
        if let known = checkpoint.incarnation, known != incarnation {
            throw stopped(.storeReplaced, "the event store is \(incarnation), and the checkpoint is one of \(known)")
        }
        guard checkpoint.position > .start else {
            return Checkpoint(incarnation: incarnation, position: .start, eventID: nil)
        }
        let found = try await eventID(at: checkpoint.position)
        guard let found, checkpoint.eventID ?? found == found else { throw try await change(since: checkpoint) }
        return Checkpoint(incarnation: incarnation, position: checkpoint.position, eventID: found)
    }

    /// The page that follows a verified checkpoint; an empty one that ends there when nothing does.
    ///
    /// - Parameter isNearHead: few events are expected up to the head. They are read with one call then, and filtered here.
    /// - Throws: ``ProjectionStopped`` when the log has changed.
    func page(after checkpoint: Checkpoint, isNearHead: Bool = false) async throws -> LogPage {
        if filter == .all { return try await pageOfAll(after: checkpoint, limit: size) }
        if isNearHead {
            let page = try await pageOfAll(after: checkpoint, limit: size)
            if !page.isFull {
                return LogPage(events: page.events.filter(filter.matches), end: page.end, isFull: false)
            }
        }
        return try await pageOfSome(after: checkpoint)
    }

    /// The event at a position that the log has had.
    ///
    /// - Throws: ``ProjectionStopped`` when it is there no longer.
    func event(at position: Position) async throws -> RecordedEvent {
        let before = Position(position.rawValue - 1)
        guard let event = try await reader.readLog(after: before, .forwards, limit: 1).first, event.position == position
        else {
            throw stopped(.storeTruncated, "the event store has no event at position \(position) any more")
        }
        return event
    }

    /// The page that follows a checkpoint as the process itself has appended it; nil when the log has to be read. Nothing
    /// is read for it.
    func recentPage(after checkpoint: Checkpoint) -> LogPage? {
        guard let events = tail?.events(after: checkpoint, limit: size), !events.isEmpty else { return nil }
        return LogPage(
            events: filter == .all ? events : events.filter(filter.matches), end: checkpoint.moved(to: events.last),
            isFull: events.count == size)
    }

    /// One read, that begins with the event at the checkpoint.
    private func pageOfAll(after checkpoint: Checkpoint, limit: Int) async throws -> LogPage {
        guard checkpoint.position > .start else {
            let events = try await reader.readLog(after: .start, .forwards, limit: limit)
            return LogPage(
                events: events, end: checkpoint.moved(to: events.last), isFull: events.count == limit)
        }
        let before = Position(checkpoint.position.rawValue - 1)
        let found = try await reader.readLog(after: before, .forwards, limit: limit + 1)
        guard let first = found.first, first.position == checkpoint.position, first.id == checkpoint.eventID else {
            throw try await change(since: checkpoint)
        }
        return LogPage(
            events: Array(found.dropFirst()), end: checkpoint.moved(to: found.last), isFull: found.count > limit)
    }

    /// The head is asked for first: what the page does not hold up to there, there is not.
    private func pageOfSome(after checkpoint: Checkpoint) async throws -> LogPage {
        let head = try await reader.head()
        guard head > checkpoint.position else {
            try await expect(checkpoint)
            return LogPage(events: [], end: checkpoint, isFull: false)
        }
        let events = try await reader.readLog(
            after: checkpoint.position, .forwards, matching: filter, limit: size)
        var end = checkpoint.moved(to: events.last)
        if events.count < size, head > end.position {
            guard let id = try await eventID(at: head) else { throw try await change(since: checkpoint) }
            end = Checkpoint(incarnation: checkpoint.incarnation, position: head, eventID: id)
        }
        try await expect(checkpoint)
        return LogPage(events: events, end: end, isFull: events.count == size)
    }

    private func expect(_ checkpoint: Checkpoint) async throws {
        guard checkpoint.position > .start else { return }
        guard try await eventID(at: checkpoint.position) == checkpoint.eventID else {
            throw try await change(since: checkpoint)
        }
    }

    private func eventID(at position: Position) async throws -> UUID? {
        let event = try await reader.readLog(after: Position(position.rawValue - 1), .forwards, limit: 1).first
        return event.flatMap { $0.position == position ? $0.id : nil }
    }

    /// In what way the log is another one than that of the checkpoint.
    private func change(since checkpoint: Checkpoint) async throws -> ProjectionStopped {
        let incarnation = try await reader.incarnation()
        if let known = checkpoint.incarnation, known != incarnation {
            return stopped(.storeReplaced, "the event store is \(incarnation), and the checkpoint is one of \(known)")
        }
        let head = try await reader.head()
        return head < checkpoint.position
            ? stopped(.storeTruncated, "the event store ends at \(head), before the checkpoint \(checkpoint)")
            : stopped(.storeForked, "the event store has another event at the checkpoint \(checkpoint)")
    }

    private func stopped(_ reason: ProjectionStopped.Reason, _ finding: String) -> ProjectionStopped {
        ProjectionStopped(projection, reason, finding: finding)
    }
}

extension Checkpoint {
    /// The checkpoint at an event of the same log; this one for none.
    func moved(to event: RecordedEvent?) -> Checkpoint {
        guard let event else { return self }
        return Checkpoint(incarnation: incarnation, position: event.position, eventID: event.id)
    }
}
