import EventSourcing
import Testing

@testable import EventSourcingPostgres

@Suite struct AppendQueueTests {
    private func entry(_ name: String, events: Int = 1, size: Int = 1) throws -> AppendQueue<String>.Entry {
        AppendQueue.Entry(name, to: try StreamName("tests.thing.v1-core-\(name.first!)"), events: events, size: size)
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
        #expect(try queue.add(entry("a")))
        #expect(queue.takeBatch() == ["a"])
        #expect(try queue.add(entry("b")))
        #expect(try queue.add(entry("c")))
        #expect(queue.takeBatch() == [])
        queue.finish()
        #expect(queue.takeBatch() == ["b", "c"])
        queue.finish()
        #expect(queue.takeBatch() == [])
    }

    @Test func `as many batches are in flight as are allowed`() throws {
        var queue = queue(inFlight: 2)
        for name in ["a", "b", "c"] {
            #expect(try queue.add(entry(name)))
            _ = queue.takeBatch()
        }
        queue.finish()
        #expect(queue.takeBatch() == ["c"])
    }

    @Test func `a stream stands once in a batch, and its appends keep their order`() throws {
        var queue = queue()
        for name in ["a1", "b1", "a2", "a3", "c1"] { #expect(try queue.add(entry(name))) }
        #expect(queue.takeBatch() == ["a1", "b1", "c1"])
        queue.finish()
        #expect(queue.takeBatch() == ["a2"])
        queue.finish()
        #expect(queue.takeBatch() == ["a3"])
    }

    @Test func `a batch is bounded in events and in bytes, but never empty`() throws {
        var queue = queue(events: 3, size: 10)
        for append in try [
            entry("a", events: 5), entry("b", events: 2), entry("c", events: 1, size: 9), entry("d", size: 2),
        ] {
            let isAccepted = queue.add(append)
            #expect(isAccepted)
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
        #expect(try queue.add(entry("a")))
        #expect(try queue.add(entry("b")))
        let isThirdAccepted = try queue.add(entry("c"))
        #expect(!isThirdAccepted)
    }

    @Test func `an append that waits can be taken out, one in flight cannot`() throws {
        var queue = queue()
        #expect(try queue.add(entry("a")))
        _ = queue.takeBatch()
        #expect(try queue.add(entry("b")))
        let inFlight = queue.remove { $0 == "a" }
        #expect(inFlight == nil)
        let waiting = queue.remove { $0 == "b" }
        #expect(waiting == "b")
        queue.finish()
        #expect(queue.takeBatch() == [])
    }
}
