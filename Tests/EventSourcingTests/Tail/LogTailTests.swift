import EventSourcing
import FoundationEssentials
import Testing

@Suite struct LogTailTests {
    private let tail = LogTail()
    private let log = (1...9).map { RecordedEvent.made(at: $0) }

    /// Adds the events of some positions, as the log has them.
    private func append(_ positions: ClosedRange<Int>) {
        tail.append(
            Array(log[positions.lowerBound - 1..<positions.upperBound]),
            precededBy: positions.lowerBound == 1 ? nil : log[positions.lowerBound - 2].id)
    }

    /// The positions of the events after an event of the log; 0 stands for the start.
    private func positions(after position: Int, limit: Int = 100) -> [Int64]? {
        tail.events(after: position == 0 ? .start : log[position - 1].checkpoint, limit: limit)?
            .map(\.position.rawValue)
    }

    @Test func `an empty tail knows nothing`() {
        #expect(positions(after: 0) == nil)
        #expect(tail.lastPosition == .start)
        tail.append([], precededBy: UUID())
        #expect(positions(after: 0) == nil)
    }

    @Test func `batches that follow one another are one piece`() {
        append(1...2)
        append(3...5)
        #expect(positions(after: 0) == [1, 2, 3, 4, 5])
        #expect(positions(after: 1) == [2, 3, 4, 5])
        #expect(positions(after: 5) == [])
        #expect(positions(after: 6) == nil)
        #expect(positions(after: 1, limit: 2) == [2, 3])
        #expect(tail.lastPosition == Position(5))
    }

    @Test func `the event before the first batch is a place to begin at`() {
        append(4...5)
        #expect(positions(after: 3) == [4, 5])
        #expect(positions(after: 2) == nil)
        #expect(positions(after: 0) == nil)
    }

    @Test func `after a hole the tail starts over`() {
        append(1...2)
        // Another process has appended event 3.
        append(4...5)
        #expect(positions(after: 0) == nil)
        #expect(positions(after: 2) == nil)
        #expect(positions(after: 3) == [4, 5])
    }

    @Test func `batches that are answered in another order are put in that of the log`() {
        append(1...2)
        append(5...6)
        append(3...4)
        #expect(positions(after: 2) == [3, 4, 5, 6])
        append(7...7)
        #expect(positions(after: 4) == [5, 6, 7])
    }

    @Test func `a batch that comes twice changes nothing`() {
        append(1...2)
        append(3...5)
        append(1...2)
        append(4...5)
        #expect(positions(after: 0) == [1, 2, 3, 4, 5])
    }

    @Test func `a batch that is far behind replaces the tail`() {
        append(7...8)
        append(2...3)
        #expect(positions(after: 1) == [2, 3])
        #expect(positions(after: 7) == nil)
    }

    @Test func `events of a log that was forked are not given to a reader of the other one`() {
        append(1...5)
        // The store was restored to event 3, and has another event 4 since.
        let other = RecordedEvent.made(at: 4)
        tail.append([other], precededBy: log[2].id)
        for position in 0...5 { #expect(positions(after: position) == nil) }
        let next = RecordedEvent.made(at: 5)
        tail.append([next], precededBy: other.id)
        #expect(tail.events(after: other.checkpoint, limit: 9) == [next])
        #expect(positions(after: 4) == nil)
        #expect(positions(after: 3) == nil)
    }

    @Test func `a log that was forked behind the tail is another one`() {
        append(1...3)
        tail.append([.made(at: 4)], precededBy: UUID())
        #expect(positions(after: 3) == nil)
        #expect(positions(after: 0) == nil)
    }

    @Test func `a checkpoint that does not know its event is in no tail`() {
        append(1...3)
        let checkpoint = Checkpoint(incarnation: nil, position: Position(2), eventID: nil)
        #expect(tail.events(after: checkpoint, limit: 9) == nil)
        // Nor is one before events whose predecessor is not known.
        let later = LogTail()
        later.append([log[4]], precededBy: nil)
        #expect(
            later.events(after: Checkpoint(incarnation: nil, position: Position(4), eventID: nil), limit: 9) == nil)
        #expect(later.events(after: log[4].checkpoint, limit: 9) == [])
    }

    @Test func `events that are no piece of a log are not taken`() {
        append(1...2)
        tail.append([log[2], log[4]], precededBy: log[1].id)
        #expect(positions(after: 0) == nil)
        #expect(positions(after: 2) == nil)
    }

    @Test func `the oldest events leave when there are too many`() {
        var limits = LogTail.Limits()
        limits.events = 3
        let tail = LogTail(limits: limits)
        tail.append(Array(log[..<2]), precededBy: nil)
        tail.append(Array(log[2..<5]), precededBy: log[1].id)
        #expect(tail.events(after: log[1].checkpoint, limit: 9) == Array(log[2..<5]))
        #expect(tail.events(after: log[0].checkpoint, limit: 9) == nil)
        tail.append(Array(log[5...]), precededBy: log[4].id)
        #expect(tail.events(after: log[5].checkpoint, limit: 9) == Array(log[6...]))
        #expect(tail.events(after: log[4].checkpoint, limit: 9) == nil)
    }

    @Test func `the oldest events leave when they are too large`() {
        var limits = LogTail.Limits()
        limits.bytes = 5_000
        let tail = LogTail(limits: limits)
        var last: RecordedEvent?
        for position in 1...10 as ClosedRange<Int64> {
            let event = RecordedEvent.made(at: position, size: 1_000)
            tail.append([event], precededBy: last?.id)
            last = event
        }
        #expect(tail.events(after: .start, limit: 99) == nil)
        #expect(tail.lastPosition == Position(10))
        let oversized = RecordedEvent.made(at: 11, size: 5_000)
        tail.append([oversized], precededBy: last?.id)
        // Not even that one has room; its reader still knows that there is nothing newer.
        #expect(tail.events(after: oversized.checkpoint, limit: 9) == [])
    }
}

extension RecordedEvent {
    /// An event as a store could have recorded it.
    static func made(
        at position: Int64, id: UUID = UUID(), type: String = "tests.counter.counted.v1", size: Int = 0
    ) -> RecordedEvent {
        RecordedEvent(
            position: Position(position),
            stream: StreamName(stored: "tests.counter.v1-core-1", tenant: TenantID(stored: "core")),
            revision: Revision(position - 1), id: id, type: EventType(stored: type, schemaVersion: 1),
            data: EventPayload(bytes: [UInt8](repeating: 0, count: size)), metadata: EventPayload(bytes: []),
            recordedAt: Date(timeIntervalSince1970: 0))
    }

    /// The checkpoint of a reader that has seen everything up to this event.
    var checkpoint: Checkpoint { Checkpoint(incarnation: nil, position: position, eventID: id) }
}
