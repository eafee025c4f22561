import Testing

@testable import LibPQ

struct `The pool of leases` {
    private let now = ContinuousClock.now
    private let first = ConnectionID(rawValue: 1)
    private let second = ConnectionID(rawValue: 2)

    @Test func `lends what is free, the last one used first`() {
        var pool = LeasePool<String>(waiterLimit: 9)
        #expect(pool.lend() == nil)
        _ = pool.add(first)
        _ = pool.add(second)
        #expect(pool.lend() == second)
        #expect(pool.lend() == first)
        #expect(pool.lend() == nil)
    }

    @Test func `serves who waits in order`() {
        var pool = LeasePool<String>(waiterLimit: 9)
        for (index, name) in ["a", "b", "c"].enumerated() { #expect(wait(&pool, name, UInt64(index))) }
        #expect(pool.add(first) == "a")
        #expect(pool.add(second) == "b")
        #expect(pool.giveBack(first) == "c")
        #expect(pool.giveBack(first) == nil)
        #expect(pool.freeCount == 1)
        #expect(pool.lentCount == 1)
    }

    @Test func `does not lend again what was lost while it was lent`() {
        var pool = LeasePool<String>(waiterLimit: 9)
        _ = pool.add(first)
        _ = pool.lend()
        _ = wait(&pool, "a", 0)
        pool.remove(first)
        #expect(pool.giveBack(first) == nil)
        #expect(pool.waiterCount == 1)
        #expect(pool.freeCount == 0)
    }

    @Test func `forgets what was lost while it was free`() {
        var pool = LeasePool<String>(waiterLimit: 9)
        _ = pool.add(first)
        pool.remove(first)
        #expect(pool.lend() == nil)
    }

    @Test func `lets go who has waited long enough or was cancelled`() {
        var pool = LeasePool<String>(waiterLimit: 9)
        for index in 0..<4 { _ = wait(&pool, "\(index)", UInt64(index), for: .seconds(index)) }
        #expect(pool.cancel(RequestID(rawValue: 1)) == "1")
        #expect(pool.cancel(RequestID(rawValue: 1)) == nil)
        #expect(pool.expire(at: now + .seconds(2)) == ["0", "2"])
        #expect(pool.nextDeadline == now + .seconds(3))
    }

    @Test func `refuses a line that is too long`() {
        var pool = LeasePool<String>(waiterLimit: 1)
        #expect(wait(&pool, "a", 0))
        #expect(!wait(&pool, "b", 1))
    }

    private func wait(
        _ pool: inout LeasePool<String>, _ name: String, _ id: UInt64, for time: Duration = .seconds(1)
    ) -> Bool {
        pool.wait(name, id: RequestID(rawValue: id), until: now + time)
    }
}
