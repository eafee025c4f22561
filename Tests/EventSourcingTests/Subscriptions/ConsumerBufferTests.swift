import FoundationEssentials
import Testing

@testable import EventSourcing

@Suite struct ConsumerBufferTests {
    private let now = Duration.seconds(7)

    private func delivery(_ position: Int64, of stream: String, number: Int64 = 1) throws -> SubscriptionDelivery {
        SubscriptionDelivery(
            event: RecordedEvent(
                position: Position(position), stream: try StreamName("tests.thing.v1-core-\(stream)"),
                revision: Revision(position), id: UUID(), type: try EventType("tests.thing.happened.v1"),
                data: EventPayload(bytes: []), metadata: EventPayload(bytes: []), recordedAt: Date()),
            attempt: 1, number: number)
    }

    private func buffer(_ deliveries: [SubscriptionDelivery]) -> ConsumerBuffer {
        var buffer = ConsumerBuffer()
        buffer.add(deliveries, expiry: now + .seconds(1))
        return buffer
    }

    @Test func `the next message of a stream waits for the one at work`() throws {
        let all = [try delivery(1, of: "a"), try delivery(2, of: "a"), try delivery(3, of: "b")]
        var buffer = buffer(all)
        let started = [buffer.start(at: now), buffer.start(at: now), buffer.start(at: now)]
        #expect(started == [all[0], all[2], nil])
        #expect((buffer.count, buffer.workingCount) == (3, 2))
        buffer.finish(all[0], .acknowledge)
        let next = buffer.start(at: now)
        #expect(next == all[1])
        let report = buffer.report(listing: true)
        #expect(report.settlements == [all[0].settled(.acknowledge)])
        #expect(report.holding == [all[1].receipt, all[2].receipt])
    }

    @Test func `behind a failure nothing of its stream is begun until the store knows of it`() throws {
        let all = [try delivery(1, of: "a"), try delivery(2, of: "a")]
        var buffer = buffer(all)
        _ = buffer.start(at: now)
        let early = buffer.report()
        buffer.finish(all[0], .retry(reason: "r"))
        buffer.accepted(early)
        // The store has handed this out before it heard of the failure.
        buffer.add([try delivery(3, of: "a")], expiry: now + .seconds(1))
        let none = buffer.start(at: now)
        #expect(none == nil && buffer.count == 0)
        let report = buffer.report()
        #expect(report.settlements.count == 1 && report.holding == [])
        buffer.accepted(report)
        let again = try delivery(1, of: "a", number: 2)
        buffer.add([again], expiry: now + .seconds(1))
        let next = buffer.start(at: now)
        #expect(next == again)
    }

    @Test func `a lost report is handed over again, with what is in hand`() throws {
        let first = try delivery(1, of: "a")
        var buffer = buffer([first])
        _ = buffer.start(at: now)
        buffer.finish(first, .acknowledge)
        let lost = buffer.report()
        #expect(lost.holding == nil)
        buffer.lost(lost)
        let again = buffer.report()
        #expect(again.settlements == lost.settlements && again.holding == [])
        buffer.accepted(again)
        let later = buffer.report()
        #expect(later.settlements.isEmpty && later.holding == nil)
    }

    @Test func `what has run out of time is not begun`() throws {
        var buffer = buffer([try delivery(1, of: "a"), try delivery(2, of: "a")])
        let started = buffer.start(at: now + .seconds(2))
        #expect(started == nil && buffer.count == 0)
        let report = buffer.report()
        #expect(report.holding == [])
    }

    @Test func `a batch is what is in free streams and has not run out of time, in the order of the log`() throws {
        let all = [try delivery(4, of: "a"), try delivery(6, of: "a"), try delivery(5, of: "b")]
        var buffer = buffer(all)
        buffer.add([try delivery(7, of: "b")], expiry: now)
        let batch = buffer.startBatch(at: now)
        #expect(batch == [all[0], all[2], all[1]])
        buffer.add([try delivery(8, of: "a"), try delivery(9, of: "c")], expiry: now + .seconds(1))
        let next = buffer.startBatch(at: now)
        #expect(next.map(\.event.position.rawValue) == [9])
        buffer.finish(batch, [.acknowledge, .acknowledge, .acknowledge])
        let freed = buffer.startBatch(at: now)
        #expect(freed.map(\.event.position.rawValue) == [8])
        let report = buffer.report()
        #expect(report.settlements.count == 3)
        #expect(report.holding == [next[0].receipt, freed[0].receipt])
    }

    @Test func `behind a failure in a batch only what was handled is settled`() throws {
        let all = try (1...4).map { try delivery($0, of: $0 < 4 ? "a" : "b") }
        var buffer = buffer(all)
        let batch = buffer.startBatch(at: now)
        buffer.add([try delivery(5, of: "a")], expiry: now + .seconds(1))
        buffer.finish(batch, [.park(reason: "p"), .retry(reason: "r"), .acknowledge, .acknowledge])
        #expect(buffer.startBatch(at: now).isEmpty && buffer.count == 0)
        let settlements = buffer.report().settlements
        #expect(
            settlements == [
                all[0].settled(.park(reason: "p")), all[2].settled(.acknowledge), all[3].settled(.acknowledge),
            ])
    }

    @Test func `what is dropped is given back`() throws {
        var buffer = buffer([try delivery(1, of: "a")])
        #expect(buffer.startBatch(at: now).count == 1)
        buffer.dropAll()
        #expect(buffer.count == 0)
        #expect(buffer.report().holding == [])
    }
}
