import EventSourcing
import Testing

@testable import EventSourcingPostgres

@Suite struct StreamReadQueueTests {
    private let read: StreamRead

    init() throws {
        read = StreamRead(stream: try StreamName("tests.thing.v1-core-1"), start: .first, limit: 10)
    }

    private func add(_ callers: Range<Int>, to queue: inout StreamReadQueue<Int>) {
        for caller in callers { _ = queue.add(read, for: caller) }
    }

    @Test func `two reads that come alone go at once, and what follows is collected`() {
        var queue = StreamReadQueue<Int>()
        #expect((0..<3).map { _ in queue.takeAtOnce() } == [true, true, false])
        add(0..<3, to: &queue)
        #expect(queue.takeBatch() == [])
        queue.finish()
        #expect(queue.takeBatch() == [0, 1, 2])
    }

    @Test func `a full batch does not wait while four are not in flight yet`() {
        var queue = StreamReadQueue<Int>()
        add(0..<70, to: &queue)
        for batch in 0..<4 { #expect(queue.takeBatch() == Array(batch * 16..<(batch + 1) * 16)) }
        add(70..<90, to: &queue)
        #expect(queue.takeBatch() == [])
        queue.finish()
        #expect(queue.takeBatch() == Array(64..<80))
        // The rest is no full batch: it waits until fewer than two are in flight.
        for _ in 0..<2 {
            queue.finish()
            #expect(queue.takeBatch() == [])
        }
        queue.finish()
        #expect(queue.takeBatch() == Array(80..<90))
    }
}
