import DequeModule
public import FoundationEssentials
import Synchronization

/// The end of the log as far as this process knows it: the events that it has appended itself, as one unbroken piece.
///
/// A store adds every batch that it has appended, with the id of the event before the batch, which the database has
/// reported from inside the same append. A batch extends the tail only if that is the id of the tail's last event.
/// Otherwise another process has appended in between, and the tail starts over with the batch. So each event of the tail
/// is proven to follow the one before it in the log, and a reader whose checkpoint is in the tail finds its next events
/// here without asking the database.
///
/// **What the proof is worth.** Ids are never used again, so an id together with its position names one history up to
/// there. After a restore or a fail-over with loss, the first batch that is appended to the other history reports
/// another predecessor, and the tail of the old history is dropped. Until then a reader can be given events that are
/// lost, as it can when it reads them from the database just before the loss. It finds out in the same way: with its
/// next read of the log, which it still makes at every poll, and whenever its checkpoint is not in the tail.
///
/// **What the tail does not know.** Events of other processes, and redactions: an event keeps the data that it was
/// appended with. A reader therefore takes only events that were appended after it has begun to read; see
/// ``lastPosition``.
public final class LogTail: RecentEvents {
    /// How much a tail holds. The oldest events leave it first.
    public struct Limits: Hashable, Sendable {
        /// The most events.
        public var events = 8_192
        /// Of data, metadata and what an event takes besides.
        public var bytes = 16 << 20

        /// 8,192 events, and the bytes above.
        public init() {}
    }

    private let limits: Limits
    private let state = Mutex(State())

    /// A tail that knows nothing yet.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// The position of the newest event; ``Position/start`` when there is none.
    public var lastPosition: Position { state.withLock { $0.last?.position ?? .start } }

    /// The events that it has: those after a position, up to another one; nil when it has none.
    package var span: (after: Position, end: Position)? {
        state.withLock { state in
            guard let base = state.base, let last = state.last else { return nil }
            return (base.position, last.position)
        }
    }

    /// The events at these positions, in their order; nil for one that it does not have.
    package func events(at positions: some Sequence<Position>) -> [RecordedEvent?] {
        state.withLock { state in
            positions.map { position in
                guard let base = state.base else { return nil }
                let index = Int(position.rawValue - base.position.rawValue) - 1
                return state.events.indices.contains(index) ? state.events[index] : nil
            }
        }
    }

    /// Adds a batch of recorded events with consecutive positions.
    ///
    /// Batches may come in another order than that of the log: one that ends where the tail begins is put before it.
    /// One that contradicts the tail, by other events at the same positions, empties it: neither is trusted then.
    ///
    /// - Parameter predecessor: the id of the event before the first one; nil when the log was empty.
    public func append(_ events: [RecordedEvent], precededBy predecessor: UUID?) {
        guard let first = events.first else { return }
        let base = Checkpoint(
            incarnation: nil, position: Position(first.position.rawValue - 1), eventID: predecessor)
        state.withLock { state in
            state.add(events, after: base)
            state.shrink(to: limits)
        }
    }

    /// The events after a checkpoint, in order; none if it is at the newest one.
    ///
    /// - Returns: nil if the checkpoint is not in the tail: then the log has to be read.
    public func events(after checkpoint: Checkpoint, limit: Int) -> [RecordedEvent]? {
        state.withLock { $0.events(after: checkpoint, limit: limit) }
    }
}

/// What ``LogTail`` is to a reader.
protocol RecentEvents: Sendable {
    var lastPosition: Position { get }
    func events(after checkpoint: Checkpoint, limit: Int) -> [RecordedEvent]?
}

extension LogTail {
    private struct State {
        /// The event before the first one. Its id is nil at the start of the log; nil when there are no events.
        var base: Checkpoint?
        var events = Deque<RecordedEvent>()
        var bytes = 0

        /// The newest event as a checkpoint.
        var last: Checkpoint? { base?.moved(to: events.last) }

        mutating func add(_ batch: [RecordedEvent], after start: Checkpoint) {
            guard zip(batch, batch.dropFirst()).allSatisfy({ $1.position.rawValue == $0.position.rawValue + 1 }) else {
                return clear()
            }
            if let last, last.isSameEvent(as: start) {
                events.append(contentsOf: batch)
            } else if let base, base.isSameEvent(as: start.moved(to: batch.last)) {
                events.prepend(contentsOf: batch)
                self.base = start
            } else if overlaps(batch) {
                guard !holds(batch) else { return }
                return clear()
            } else {
                clear()
                events.append(contentsOf: batch)
                base = start
            }
            bytes += batch.reduce(0) { $0 + $1.size }
        }

        mutating func shrink(to limits: Limits) {
            while events.count > limits.events || bytes > limits.bytes, let oldest = events.popFirst() {
                bytes -= oldest.size
                base = base?.moved(to: oldest)
            }
        }

        func events(after checkpoint: Checkpoint, limit: Int) -> [RecordedEvent]? {
            guard let base, let last, checkpoint.position >= base.position, checkpoint.position <= last.position else {
                return nil
            }
            let offset = Int(checkpoint.position.rawValue - base.position.rawValue)
            let found = offset == 0 ? base : base.moved(to: events[offset - 1])
            guard found.isSameEvent(as: checkpoint) else { return nil }
            return Array(events.dropFirst(offset).prefix(limit))
        }

        private mutating func clear() { self = State() }

        private func overlaps(_ batch: [RecordedEvent]) -> Bool {
            guard let base, let last, let first = batch.first, let end = batch.last else { return false }
            return first.position <= last.position && end.position > base.position
        }

        private func holds(_ batch: [RecordedEvent]) -> Bool {
            batch.allSatisfy { event in
                guard let base, let last, event.position > base.position, event.position <= last.position else {
                    return false
                }
                return events[Int(event.position.rawValue - base.position.rawValue) - 1].id == event.id
            }
        }
    }
}

extension Checkpoint {
    /// Whether both are at the same event, or both at the start. One that does not know its event is at none.
    fileprivate func isSameEvent(as other: Checkpoint) -> Bool {
        position == other.position && eventID == other.eventID && (eventID != nil || position == .start)
    }
}

extension RecordedEvent {
    /// About as many bytes as it takes in memory.
    fileprivate var size: Int { data.bytes.count + metadata.bytes.count + 256 }
}
