import AppendWorkload
import EventSourcing
import EventSourcingPostgres
import LibPQ
import Synchronization

/// Writers at work in this process, until a number of appends has been acknowledged.
final class Writing: Sendable {
    private struct State {
        var ledger = Ledger()
        /// Nil: without end.
        var end: Int?
    }

    private let state = Mutex(State())
    private let acknowledged = PositionSignal()
    private let pace: Duration

    private init(pace: Duration) { self.pace = pace }

    /// Lets writers write to the store, strikes when so many appends are acknowledged, and lets them go on for a while.
    ///
    /// - Parameter pace: how long each writer rests after an append.
    /// - Returns: what they know; nothing is open.
    @discardableResult
    static func run(
        seed: UInt64, round: Int, on store: PostgresEventStore, pace: Duration = .zero,
        strike: @Sendable () async throws -> Void
    ) async throws -> Ledger {
        let writing = Writing(pace: pace)
        var random = SplitMix64(seed: seed &+ UInt64(round))
        try await withThrowingTaskGroup { group in
            for number in 0..<Int.random(in: 8...16, using: &random) {
                group.addTask { try await writing.write(Writer(seed: seed, round: round, number: number), to: store) }
            }
            _ = try await writing.acknowledged.wait(
                until: Position(Int64.random(in: 5...80, using: &random)), atMost: .seconds(60))
            for _ in 0..<Int.random(in: 0..<300, using: &random) { await Task.yield() }
            try await strike()
            writing.state.withLock { $0.end = $0.ledger.acknowledged.count + 30 }
            try await group.waitForAll()
        }
        return writing.state.withLock { $0.ledger }
    }

    private func write(_ writer: Writer, to store: PostgresEventStore) async throws {
        var writer = writer
        while state.withLock({ $0.ledger.acknowledged.count < $0.end ?? .max }) {
            var append = try writer.next()
            var mayBeDone = false
            while true {
                do {
                    note(append, try await store.append(append))
                    if pace > .zero { try await Task.sleep(for: pace) }
                    break
                } catch is AppendOutcomeUnknown {
                    // Again, with the same ids.
                    mayBeDone = true
                } catch let error as PostgresError where error.isTransient {
                    // It was not done this time, says the store. If no other time either, it may be under other ids.
                    if !mayBeDone {
                        state.withLock { [append] in $0.ledger.notDone.append(append) }
                        append = try writer.renewed(append)
                    }
                }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private func note(_ append: Append, _ outcome: AppendOutcome) {
        let count = state.withLock { state in
            state.ledger.acknowledged.append((append, outcome))
            return state.ledger.acknowledged.count
        }
        acknowledged.advance(to: Position(Int64(count)))
    }
}
