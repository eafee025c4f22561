/// A page of the log as one partition sees it.
struct PartitionPage: Sendable {
    /// The events that belong to the partition.
    var events: [RecordedEvent]
    /// There is nothing for the partition between the last of the events and here.
    var end: Checkpoint
    /// There was no room for all: more is to be had at once.
    var isFull: Bool
    /// What the target has made of the events ahead.
    var prepared: (any Sendable)?
}

extension PartitionRunner {
    /// The page that follows a verified checkpoint, read and prepared.
    ///
    /// - Parameters:
    ///   - goal: where it ends at the latest; nil lets it end where it is full.
    ///   - isNearHead: few events are expected up to the head.
    ///   - tailStart: from there on the page is taken from the tail in memory, if that has it.
    func page(
        after checkpoint: Checkpoint, upTo goal: Checkpoint? = nil, isNearHead: Bool = false,
        tailStart: Position? = nil
    ) async throws -> PartitionPage {
        var recent: LogPage?
        if let tailStart, checkpoint.position >= tailStart { recent = pages.recentPage(after: checkpoint) }
        let read: LogPage
        if let recent { read = recent } else { read = try await pages.page(after: checkpoint, isNearHead: isNearHead) }
        var page = PartitionPage(
            events: read.events.filter { partitioning.partition(of: $0.stream) == partition }, end: read.end,
            isFull: read.isFull)
        if let goal, page.end.position > goal.position {
            page.events.removeAll { $0.position > goal.position }
            page.end = goal
            page.isFull = false
        }
        if !page.events.isEmpty { page.prepared = target.prepare(page.events) }
        return page
    }
}
