import EventSourcing
import FoundationEssentials
import LibPQ

/// What `append_events` returns; the function's file says what each column means.
struct AppendResult {
    /// What became of an entry of the batch.
    enum Outcome: Int32 {
        case appended = 0
        case wrongExpectedRevision = 1
        case appendedBefore = 2
        case partlyAppendedBefore = 3
        case commandHandledBefore = 4
        case commandIDReused = 5
        case conditionFailed = 6
    }

    /// By part.
    var outcomes: [Outcome]
    /// By part.
    var revisions: [Int64]
    /// By part; nil when no entry was appended before or has failed by its condition.
    var positions: [Int64?]?
    /// By event; nil when no event is numbered.
    var numbers: [Int64?]?
    var recordedAt: Date
    /// The position before the batch.
    var head: Int64
    var headEventID: UUID?

    init(_ row: PostgresRow) throws {
        var columns = row.columns
        outcomes = try columns.next([Int32].self).map { code in
            guard let outcome = Outcome(rawValue: code) else {
                throw PostgresError(.decoding, "append_events has returned the unknown outcome \(code)")
            }
            return outcome
        }
        revisions = try columns.next()
        positions = try columns.next()
        numbers = try columns.next()
        recordedAt = try columns.next()
        head = try columns.next()
        headEventID = try columns.next()
    }
}

/// A batch after it was committed.
struct AppendedBatch {
    /// The outcome of each append of the batch, in their order.
    private(set) var outcomes: [Result<AppendOutcome, any Error>]
    /// What was recorded, in the order of the positions, which are contiguous.
    private(set) var events: [RecordedEvent] = []
    /// The id of the event before the first one; nil at the beginning of the log, and when nothing was recorded.
    private(set) var precedingEventID: UUID?

    init(outcomes: [Result<AppendOutcome, any Error>]) { self.outcomes = outcomes }

    init(_ batch: [Append], _ result: AppendResult) throws {
        self.init(outcomes: [])
        let parts = batch.reduce(0) { $0 + $1.streams.count }
        guard result.outcomes.count == parts, result.revisions.count == parts else {
            throw PostgresError(.decoding, "append_events has returned \(result.outcomes.count) of \(parts) outcomes")
        }
        var (part, event) = (0, 0)
        for append in batch {
            let parts = part..<part + append.streams.count
            outcomes.append(Result { try outcome(of: append, parts, firstEvent: event, result, in: batch) })
            part = parts.upperBound
            event += append.eventCount
        }
        precedingEventID = events.isEmpty ? nil : result.headEventID
    }

    private mutating func outcome(
        of append: Append, _ parts: Range<Int>, firstEvent: Int, _ result: AppendResult, in batch: [Append]
    ) throws -> AppendOutcome {
        // All parts of an append have the same outcome.
        switch result.outcomes[parts.lowerBound] {
        case .appended:
            return record(append, parts, firstEvent: firstEvent, result)
        case .appendedBefore:
            return AppendOutcome(
                revisions: revisions(of: append, parts.map { result.revisions[$0] }),
                position: Position(parts.compactMap { result.positions?[$0] }.max() ?? 0), isRepetition: true)
        case .wrongExpectedRevision:
            // The whole append is refused; a stream that is as expected is not the reason.
            for (part, index) in zip(append.streams, parts) {
                let actual = result.revisions[index] < 0 ? nil : Revision(result.revisions[index])
                guard !part.expected.isMet(by: actual) else { continue }
                throw WrongExpectedRevision(stream: part.stream, expected: part.expected, actual: actual)
            }
            throw PostgresError(.decoding, "append_events has refused an append whose streams are as expected")
        case .partlyAppendedBefore:
            throw AppendRejected(stream: append.streams[0].stream, reason: .partlyAppended)
        case .commandHandledBefore:
            throw AppendEvents.CommandHandledBefore()
        case .commandIDReused:
            throw CommandIDReused(commandID: append.command?.id ?? "")
        case .conditionFailed:
            throw conflict(of: append, at: result.positions?[parts.lowerBound], in: batch)
        }
    }

    /// Why an append was refused by its condition.
    ///
    /// - Parameter position: of the first event that the condition excludes; nil when that is one of this batch.
    private func conflict(of append: Append, at position: Int64?, in batch: [Append]) -> any Error {
        guard let condition = append.condition else {
            return PostgresError(.decoding, "append_events has refused an append by a condition that it does not have")
        }
        if let position { return AppendConditionFailed(condition, position: Position(position)) }
        for (earlier, outcome) in zip(batch, outcomes) {
            guard let recorded = try? outcome.get().events else { continue }
            for (event, new) in zip(recorded, earlier.streams.lazy.flatMap(\.events))
            where event.tenant == append.streams[0].stream.tenant
                && condition.query.matches(event.type, in: event.stream, tagged: new.tags)
            {
                return AppendConditionFailed(condition, position: event.position)
            }
        }
        return PostgresError(.decoding, "append_events has refused an append whose condition is met")
    }

    private mutating func record(
        _ append: Append, _ parts: Range<Int>, firstEvent: Int, _ result: AppendResult
    ) -> AppendOutcome {
        let start = events.count
        var (index, last): (Int, [Int64]) = (firstEvent, [])
        for (part, partIndex) in zip(append.streams, parts) {
            var revision = result.revisions[partIndex]
            for event in part.events {
                revision += 1
                events.append(
                    RecordedEvent(
                        event, in: part.stream, revision: Revision(revision),
                        position: Position(result.head + Int64(events.count) + 1), recordedAt: result.recordedAt,
                        number: result.numbers?[index]))
                index += 1
            }
            last.append(revision)
        }
        return AppendOutcome(
            revisions: revisions(of: append, last), position: Position(result.head + Int64(events.count)),
            events: Array(events[start...]), commandOutcome: append.outcome)
    }

    private func revisions(of append: Append, _ last: [Int64]) -> [StreamName: Revision] {
        var revisions: [StreamName: Revision] = [:]
        for (part, revision) in zip(append.streams, last) where revision >= 0 {
            revisions[part.stream] = Revision(revision)
        }
        return revisions
    }
}
