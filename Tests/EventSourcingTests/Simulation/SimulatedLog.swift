import EventSourcingTesting
import FoundationEssentials
import Synchronization

@testable import EventSourcing

/// An event store in memory, that answers as unreliably as the read database.
final class SimulatedLog: ForwardingEventStore {
    static let streams: [StreamName] = (0..<4).map {
        StreamName(stored: "tests.counter.v1-core-\($0)", tenant: TenantID(stored: "core"))
    }
    static let length = 14

    let base = InMemoryEventStore(now: { Date(timeIntervalSince1970: 0) })
    private let database: SimulatedReadDatabase
    private let written = Mutex<[StreamName: [Int64]]>([:])
    /// Those that append.
    let processes: [SimulatedProcess]

    init(through database: SimulatedReadDatabase) {
        self.database = database
        processes = (0..<2).map { _ in SimulatedProcess(on: database) }
    }

    func choosePoison(_ executor: SimulatedExecutor) -> Set<Int64> {
        Set((0..<executor.random(below: 3)).map { _ in Int64(1 + executor.random(below: Self.length)) })
    }

    func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws -> [RecordedEvent] {
        try await database.round()
        return try await base.readLog(after: start, direction, matching: filter, limit: limit)
    }

    /// What a process has appended and was not told of yet.
    private struct Batch {
        let process: SimulatedProcess
        let events: [RecordedEvent]
        let predecessor: UUID?
    }

    /// Appends all events from one process or another, with pauses in between.
    func grow(_ executor: SimulatedExecutor, _ clock: ManualClock) async {
        var unanswered: [Batch] = []
        var last: UUID?
        for number in 1...Self.length {
            if executor.random(below: 3) == 0 {
                try? await clock.sleep(for: .milliseconds(executor.random(below: 600)))
            }
            let stream = Self.streams[executor.random(below: Self.streams.count)]
            let event = NewEvent(
                id: UUID(), type: EventType(stored: "tests.counter.counted.v1", schemaVersion: 1),
                data: EventPayload(bytes: []), metadata: EventPayload(bytes: []))
            let append = Append([StreamAppend([event], to: stream, expecting: .any)])
            guard let recorded = try? await base.append(append).events else { return }
            written.withLock { $0[stream, default: []].append(Int64(number)) }
            let process = processes[executor.random(below: processes.count)]
            unanswered.append(Batch(process: process, events: recorded, predecessor: last))
            last = event.id
            while !unanswered.isEmpty, executor.random(below: 3) > 0 { answer(&unanswered, executor) }
        }
        while !unanswered.isEmpty { answer(&unanswered, executor) }
    }

    /// Answers one of the first two batches, or never; the other process hears of it, or does not.
    private func answer(_ unanswered: inout [Batch], _ executor: SimulatedExecutor) {
        let batch = unanswered.remove(at: executor.random(below: min(2, unanswered.count)))
        if executor.random(below: 8) > 0 { batch.process.recorded(batch.events, precededBy: batch.predecessor) }
        if executor.random(below: 4) > 0, let last = batch.events.last {
            for process in processes { process.appended.advance(to: last.position) }
        }
    }

    func isApplied(in database: SimulatedReadDatabase) -> Bool {
        let expected = written.withLock { $0 }
        return database.content.withLock { $0.rows == expected || !$0.violations.isEmpty }
    }

    /// What of the rows is not as the log says, in words.
    func violations(in database: SimulatedReadDatabase) -> [String] {
        let written = written.withLock { $0 }
        return database.content.withLock { content in
            written.compactMap { stream, positions in
                let row = content.rows[stream] ?? []
                return row == positions ? nil : "\(stream): applied \(row) of \(positions)"
            }
        }
    }
}
