import EventSourcing
import Synchronization
import Testing

/// Appends of many tasks at once, and when each began and ended relative to the others.
final class ConcurrentHistory: Sendable {
    /// An append that was accepted, now or before. Began and ended count the beginnings and ends of all appends.
    struct Accepted: Sendable {
        let append: Append
        let outcome: AppendOutcome
        let began: Int
        let ended: Int
    }

    private struct State {
        var random: RandomHistory
        var time = 0
        var accepted: [Accepted] = []
    }

    private let state: Mutex<State>

    init(seed: UInt64) throws { state = Mutex(State(random: try RandomHistory(seed: seed))) }

    var accepted: [Accepted] { state.withLock { $0.accepted } }

    /// Makes and runs the next append.
    func step(on store: some EventStore) async throws {
        let (append, began) = try state.withLock { state in
            state.time += 1
            return (try state.random.nextAppend(), state.time)
        }
        do {
            let outcome = try await store.append(append)
            state.withLock { state in
                state.time += 1
                state.random.learn(outcome)
                let accepted = Accepted(append: append, outcome: outcome, began: began, ended: state.time)
                state.accepted.append(accepted)
            }
        } catch let error as WrongExpectedRevision {
            #expect(!error.expected.isMet(by: error.actual), "\(error)")
        } catch let error as AppendConditionFailed {
            let tenant = append.streams[0].stream.tenant
            let found = try await store.read(
                error.condition.query, in: tenant, after: error.condition.position, limit: 1)
            #expect(found.events.first?.position == error.position, "\(error)")
        } catch is AppendRejected, is CommandIDReused {}
    }
}

extension ConcurrentHistory {
    /// Expects that the appends were accepted one after the other: in the order of their positions, a store that knows
    /// no concurrency accepts them all, with the same outcomes and the same log.
    func expectOrder(in log: [RecordedEvent], _ comment: Comment) async throws {
        let model = InMemoryEventStore(limits: RandomHistory.limits)
        let written = accepted.filter { !$0.outcome.isRepetition }.sorted {
            // What wrote nothing has the position of the append before it.
            ($0.outcome.position, $0.append.eventCount == 0 ? 1 : 0)
                < ($1.outcome.position, $1.append.eventCount == 0 ? 1 : 0)
        }
        for entry in written {
            let outcome = try await model.append(entry.append)
            try #require(outcome.comparable == entry.outcome.comparable, comment)
        }
        let known = try await model.readLog(after: nil, .forwards, limit: .max)
        try #require(log.map(\.comparable) == known.map(\.comparable), comment)
        for entry in accepted where entry.outcome.isRepetition {
            // The command may have come to be known only after these events were found to be.
            if let outcome = try? await model.append(entry.append), outcome.isFirst(entry) { continue }
            let outcome = try await model.append(Append(entry.append.streams))
            try #require(outcome.isFirst(entry), comment)
        }
    }

    /// Expects that an append that ended before another began stands before it in the log.
    func expectPositionsFollowTime(_ comment: Comment) throws {
        let written = accepted.filter { !$0.outcome.isRepetition && $0.append.eventCount > 0 }
        for later in written {
            let before = written.filter { $0.ended < later.began }.map(\.outcome.position).max() ?? .start
            try #require(before < later.outcome.position, comment)
        }
    }
}

extension AppendOutcome {
    /// Whether this is what a repetition was answered with. Streams that are only asserted may have gone on since.
    fileprivate func isFirst(_ entry: ConcurrentHistory.Accepted) -> Bool {
        let written = entry.append.streams.filter { !$0.events.isEmpty }.map(\.stream)
        return isRepetition && position == entry.outcome.position
            && written.allSatisfy { revisions[$0] == entry.outcome.revisions[$0] }
    }
}
