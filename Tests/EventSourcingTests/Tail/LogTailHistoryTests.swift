import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Testing

/// A tail in many random histories, of which a seed decides: several processes append, answers come late, in another
/// order or not at all, and the store fails over with loss. Whatever the tail returns was once the log.
@Suite(.timeLimit(.minutes(5))) struct LogTailHistoryTests {
    @Test func `what a tail returns followed the checkpoint in a log that there was`() {
        for seed in 0..<2_000 as Range<UInt64> {
            var history = TailHistory(seed: seed)
            for _ in 0..<120 { history.step() }
            #expect(history.violations == [], "seed \(seed)")
            if !history.violations.isEmpty { return }
        }
    }

    @Test func `the histories find checkpoints in the tail, and some that are not`() {
        var (found, missed) = (0, 0)
        for seed in 0..<200 as Range<UInt64> {
            var history = TailHistory(seed: seed)
            for _ in 0..<120 { history.step() }
            found += history.found
            missed += history.missed
        }
        #expect(found > 1_000 && missed > 1_000)
    }

    @Test func `as long as one process appends alone, its tail misses nothing`() {
        var generator = SeededGenerator(seed: 1)
        let tail = LogTail()
        var log: [RecordedEvent] = []
        for _ in 0..<500 {
            let batch = (1...Int.random(in: 1...5, using: &generator)).map {
                RecordedEvent.made(at: Int64(log.count + $0))
            }
            tail.append(batch, precededBy: log.last?.id)
            log += batch
            let seen = Int.random(in: 0...log.count, using: &generator)
            let checkpoint = seen == 0 ? .start : log[seen - 1].checkpoint
            let limit = Int.random(in: 1...20, using: &generator)
            let expected = Array(log.dropFirst(seen).prefix(limit))
            #expect(tail.events(after: checkpoint, limit: limit) == expected)
        }
    }
}

/// One history of a log that several processes append to, as the tail of one of them meets it.
private struct TailHistory {
    private struct Batch {
        let events: [RecordedEvent]
        let predecessor: UUID?
    }

    private var generator: SeededGenerator
    private let tail: LogTail
    private let limit: Int
    /// The log as it is now.
    private var log: [RecordedEvent] = []
    /// The predecessors of all events that were ever recorded, also of those that were lost.
    private var predecessors: [UUID: UUID?] = [:]
    private var checkpoints: [Checkpoint] = [.start]
    /// What the process has appended and not been told of.
    private var unanswered: [Batch] = []

    private(set) var violations: [String] = []
    private(set) var (found, missed) = (0, 0)

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        limit = Int.random(in: 1...30, using: &generator)
        var limits = LogTail.Limits()
        limits.events = limit
        tail = LogTail(limits: limits)
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<30: unanswered.append(record())
        case 30..<36: _ = record()
        case 36..<62: deliver()
        case 62..<64: _ = takeUnanswered()
        case 64..<66: log.removeLast(Int.random(in: 0...log.count, using: &generator) / 3)
        default: read()
        }
    }

    private mutating func record() -> Batch {
        let predecessor = log.last?.id
        var events: [RecordedEvent] = []
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let event = RecordedEvent.made(at: Int64(log.count + 1))
            predecessors[event.id] = .some(log.last?.id)
            checkpoints.append(event.checkpoint)
            log.append(event)
            events.append(event)
        }
        return Batch(events: events, predecessor: predecessor)
    }

    private mutating func deliver() {
        guard let batch = takeUnanswered() else { return }
        tail.append(batch.events, precededBy: batch.predecessor)
    }

    /// One of the next two.
    private mutating func takeUnanswered() -> Batch? {
        guard !unanswered.isEmpty else { return nil }
        return unanswered.remove(at: Int.random(in: 0..<min(2, unanswered.count), using: &generator))
    }

    private mutating func read() {
        let isRecent = Bool.random(using: &generator)
        guard
            let checkpoint = isRecent
                ? checkpoints.suffix(20).randomElement(using: &generator)
                : checkpoints.randomElement(using: &generator)
        else { return }
        guard let events = tail.events(after: checkpoint, limit: .max) else { return missed += 1 }
        found += 1
        if events.count > limit { violations.append("\(events.count) events, where \(limit) are allowed") }
        var (position, id) = (checkpoint.position, checkpoint.eventID)
        for event in events {
            if event.position.rawValue != position.rawValue + 1 || predecessors[event.id] != .some(id) {
                violations.append("event \(event.position) never followed \(position)")
            }
            (position, id) = (event.position, event.id)
        }
    }
}
