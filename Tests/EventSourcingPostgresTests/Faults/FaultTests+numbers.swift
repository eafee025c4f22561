import AppendWorkload
import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import Glibc
import PostgresTesting
import Testing

extension FaultTests {
    @Test func `numbers have no gap and no double while backends of 64 writers are killed`() async throws {
        let seed = Seeds.make(1)[0]
        let told = PositionSignal()
        try await withStore { store, cluster, database in
            try await withThrowingTaskGroup { group in
                for writer in 0..<64 {
                    group.addTask {
                        for number in 0..<12 {
                            let outcome = try await store.appendUntilAcknowledged(numbered(seed, writer, number))
                            told.advance(to: outcome.position)
                        }
                    }
                }
                group.addTask {
                    var random = SplitMix64(seed: seed)
                    for strike in 1...12 {
                        _ = try await told.wait(until: Position(Int64(strike * 100)), atMost: .seconds(60))
                        let victims = try cluster.running.backends(of: database.name)
                        if !victims.isEmpty { kill(random.pick(victims), strike % 3 == 0 ? SIGTERM : SIGKILL) }
                    }
                }
                try await group.waitForAll()
            }
            var log: [RecordedEvent] = []
            for try await event in store.log(after: .start) { log.append(event) }
            for type in ["faults.first.numbered.v1", "faults.second.numbered.v1"] {
                let numbers = log.filter { $0.type.rawValue == type }.map(\.number)
                #expect(numbers == (1...Int64(64 * 12)).map { $0 }, "TEST_SEED=\(seed), \(type)")
            }
            #expect(log.count == 2 * 64 * 12, "TEST_SEED=\(seed)")
        }
    }

    /// An append with a number of each of two sequences, some with a command, to streams that writers share and own.
    private func numbered(_ seed: UInt64, _ writer: Int, _ number: Int) throws -> Append {
        func event(_ name: String) throws -> NewEvent {
            let empty = EventPayload(bytes: Array("{}".utf8))
            return NewEvent(
                id: .v7(), type: try EventType("faults.\(name).numbered.v1"), data: empty, metadata: empty,
                sequence: try SequenceName(name))
        }
        let own = try StreamName("faults.own.v1-t-\(writer)")
        let shared = try StreamName("faults.shared.v1-t-\(writer % 8)")
        let command = number % 2 == 0 ? try CommandKey(id: "\(seed)-\(writer)-\(number)", requestHash: []) : nil
        return Append(
            [
                StreamAppend(
                    [try event("first")], to: own,
                    expecting: ExpectedRevision(lastRead: number == 0 ? nil : Revision(Int64(number - 1)))),
                StreamAppend([try event("second")], to: shared, expecting: .any),
            ], by: command)
    }
}
