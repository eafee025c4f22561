import EventSourcing
import FoundationEssentials
import Testing

@testable import EventSourcingPostgres

@Suite struct AppendQueueTests {
    /// An append to the streams that the letters of its name stand for.
    private func append(_ name: String, events: Int = 1, size: Int = 1, by command: String? = nil) throws -> Append {
        let event = try NewEvent(
            id: .v7(), type: EventType("tests.thing.happened.v1"),
            data: EventPayload(bytes: Array(repeating: 0x20, count: size / events)), metadata: EventPayload(bytes: []))
        return Append(
            try name.filter(\.isLetter).map {
                StreamAppend(
                    Array(repeating: event, count: events), to: try StreamName("tests.thing.v1-core-\($0)"),
                    expecting: .any)
            }, by: try command.map { try CommandKey(id: $0, requestHash: []) })
    }

    private func queue(
        inFlight: Int = 1, events: Int = 100, size: Int = 100, waiting: Int = 100
    ) -> AppendQueue<String> {
        var limits = AppendLimits.Batches()
        (limits.inFlight, limits.events, limits.size, limits.waitingAppends) = (inFlight, events, size, waiting)
        return AppendQueue(limits: limits)
    }

    @Test func `an idle queue gives the first append at once, and collects while that is in flight`() throws {
        var queue = queue()
        #expect(try queue.add(append("a"), for: "a"))
        #expect(queue.takeBatch() == ["a"])
        #expect(try queue.add(append("b"), for: "b"))
        #expect(try queue.add(append("c"), for: "c"))
        #expect(queue.takeBatch() == [])
        queue.finish()
        #expect(queue.takeBatch() == ["b", "c"])
        queue.finish()
        #expect(queue.takeBatch() == [])
    }

    @Test func `as many batches are in flight as are allowed`() throws {
        var queue = queue(inFlight: 2)
        for name in ["a", "b", "c"] {
            #expect(try queue.add(append(name), for: name))
            _ = queue.takeBatch()
        }
        queue.finish()
        #expect(queue.takeBatch() == ["c"])
    }

    @Test func `a stream stands once in a batch, and its appends keep their order`() throws {
        var queue = queue()
        for name in ["a1", "b1", "a2", "a3", "c1"] { #expect(try queue.add(append(name), for: name)) }
        #expect(queue.takeBatch() == ["a1", "b1", "c1"])
        queue.finish()
        #expect(queue.takeBatch() == ["a2"])
        queue.finish()
        #expect(queue.takeBatch() == ["a3"])
    }

    @Test func `an append to several streams waits for each of them, and nobody overtakes it`() throws {
        var queue = queue()
        for name in ["a1", "ab", "b2", "c1"] { #expect(try queue.add(append(name), for: name)) }
        #expect(queue.takeBatch() == ["a1", "c1"])
        queue.finish()
        #expect(queue.takeBatch() == ["ab"])
        queue.finish()
        #expect(queue.takeBatch() == ["b2"])
    }

    @Test func `a command stands once in a batch`() throws {
        var queue = queue()
        for name in ["a", "b"] { #expect(try queue.add(append(name, by: "pay-1"), for: name)) }
        #expect(queue.takeBatch() == ["a"])
        queue.finish()
        #expect(queue.takeBatch() == ["b"])
    }

    @Test func `a batch is bounded in events and in bytes, but never empty`() throws {
        var queue = queue(events: 3, size: 10)
        for (name, events, size) in [("a", 5, 5), ("b", 2, 2), ("c", 1, 8), ("d", 1, 2)] {
            #expect(try queue.add(append(name, events: events, size: size), for: name))
        }
        var batches: [[String]] = []
        for _ in 0..<3 {
            batches.append(queue.takeBatch())
            queue.finish()
        }
        #expect(batches == [["a"], ["b", "c"], ["d"]])
    }

    @Test func `more than may wait are refused`() throws {
        var queue = queue(waiting: 2)
        #expect(try queue.add(append("a"), for: "a"))
        #expect(try queue.add(append("b"), for: "b"))
        let isThirdAccepted = try queue.add(append("c"), for: "c")
        #expect(!isThirdAccepted)
    }

    @Test func `an append that waits can be taken out, one in flight cannot`() throws {
        var queue = queue()
        #expect(try queue.add(append("a"), for: "a"))
        _ = queue.takeBatch()
        #expect(try queue.add(append("b"), for: "b"))
        let inFlight = queue.remove { $0 == "a" }
        #expect(inFlight == nil)
        let waiting = queue.remove { $0 == "b" }
        #expect(waiting == "b")
        queue.finish()
        #expect(queue.takeBatch() == [])
    }

    @Test func `several can be taken out at once, and the others keep their order`() throws {
        var queue = queue()
        for name in ["a", "b", "c", "d"] { #expect(try queue.add(append(name), for: name)) }
        let removed = queue.removeAll { $0 == "b" || $0 == "d" }
        #expect(removed == ["b", "d"])
        #expect(queue.callers == ["a", "c"])
        #expect(queue.takeBatch() == ["a", "c"])
    }

    @Test func `what is put back comes first, in its order, whatever the limit`() throws {
        var queue = queue(waiting: 1)
        #expect(try queue.add(append("c"), for: "c"))
        queue.putBack([(item: try append("a"), caller: "a"), (item: try append("b"), caller: "b")])
        #expect(queue.takeBatch() == ["a", "b", "c"])
    }
}
