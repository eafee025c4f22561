import EventSourcing
import Testing

@Suite struct RecentRowsTests {
    @Test func `rows that were written are known, and that there is none`() {
        var rows = RecentRows<String, Int>()
        #expect(rows["a"] == nil)
        rows.keep(["a": 1, "b": nil], size: 10)
        rows.keep(["a": 2], size: 10)
        #expect(rows["a"] == .some(2))
        #expect(rows["b"] == .some(nil))
        #expect(rows["c"] == nil)
    }

    @Test func `rows that were not written for long leave when there are too many`() {
        var rows = RecentRows<Int, Int>(limit: 10)
        for number in 0..<100 {
            rows.keep([number: number, -1: number], size: 1)
            #expect(rows.count <= 10)
            #expect(rows[number] == .some(number))
            #expect(rows[-1] == .some(number))
            if number >= 3 { #expect(rows[number - 3] == .some(number - 3)) }
        }
        #expect(rows[80] == nil)
    }

    @Test func `rows leave when they are too large`() {
        var rows = RecentRows<Int, Int>(limit: 1_000, size: 100)
        for number in 0..<10 { rows.keep([number: number], size: 40) }
        #expect(rows.count == 2)
        rows.keep([10: 10], size: 5_000)
        #expect(rows[10] == .some(10))
        rows.keep([11: 11], size: 1)
        rows.keep([12: 12], size: 60)
        #expect(rows[10] == nil)
    }

    @Test func `all rows of one change are kept, however many`() {
        var rows = RecentRows<Int, Int>(limit: 10)
        rows.keep(Dictionary(uniqueKeysWithValues: (0..<50).map { ($0, $0) }), size: 1)
        #expect(rows.count == 50)
        rows.keep([50: 50], size: 1)
        rows.keep(Dictionary(uniqueKeysWithValues: (51..<56).map { ($0, $0) }), size: 1)
        #expect(rows.count == 6)
    }

    @Test func `a cache is valid for one version, and only once`() {
        let cache = PartitionCache<Int>()
        #expect(cache.take(0, at: 0) == nil)
        cache.keep(7, of: 0, at: 5)
        cache.keep(8, of: 1, at: 5)
        #expect(cache.take(0, at: 5) == 7)
        #expect(cache.take(0, at: 5) == nil)
        #expect(cache.take(1, at: 4) == nil)
        #expect(cache.take(1, at: 5) == nil)
        cache.keep(9, of: 2, at: 1)
        cache.forget(2)
        #expect(cache.take(2, at: 1) == nil)
    }
}
