import EventSourcing
import Testing

@Suite struct BoundedCacheTests {
    @Test func `what was used lately stays, up to the capacity`() {
        var cache = BoundedCache<Int, String>(capacity: 4)
        for key in 0..<20 {
            cache.insert("\(key)", for: key)
            #expect(cache.value(of: 0) == "0")
            #expect(cache.count <= 4)
        }
        #expect(cache.value(of: 19) == "19")
        #expect(cache.value(of: 1) == nil)
    }

    @Test func `values take no more room together than there is`() {
        var cache = BoundedCache<Int, String>(size: 100)
        for key in 0..<20 {
            cache.insert("\(key)", for: key, size: 20)
            #expect(cache.size <= 100)
        }
        #expect(cache.count >= 2)
        cache.insert("small", for: 0, size: 1)
        cache.insert("larger than half of the room", for: 0, size: 51)
        #expect(cache.peek(at: 0) == nil, "the value that it replaces is gone, too")
        for key in 0..<20 { cache.remove(key) }
        #expect(cache.size == 0)
        #expect(cache.count == 0)
    }

    @Test func `a value that replaces another counts once`() {
        var cache = BoundedCache<Int, String>(size: 100)
        for size in [10, 30, 20] { cache.insert("\(size)", for: 1, size: size) }
        #expect(cache.size == 20)
        #expect(cache.count == 1)
        #expect(cache.value(of: 1) == "20")
    }

    @Test func `a capacity of none holds nothing`() {
        var cache = BoundedCache<Int, String>(capacity: 0)
        cache.insert("1", for: 1)
        #expect(cache.value(of: 1) == nil)
    }

    @Test func `age counts from when a value was had, however often it is used`() {
        let start = ContinuousClock.now
        var cache = BoundedCache<Int, String>(capacity: 2, maximumAge: .seconds(60))
        cache.insert("first", for: 1, since: start)
        for second in 1..<60 {
            #expect(cache.value(of: 1, now: start + .seconds(second)) == "first")
            cache.insert("\(second)", for: 2, since: start)
        }
        #expect(cache.value(of: 1, now: start + .seconds(60)) == nil)
        #expect(cache.peek(at: 1) == nil)
    }
}
