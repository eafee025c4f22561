import EventSourcing
import FoundationEssentials
import Synchronization
import Testing

@testable import EventSourcing

@Suite struct BufferedEntropyTests {
    @Test func `the system is asked once for many numbers, and each is given out once`() {
        let fills = Mutex(0)
        var buffer = EntropyBuffer { bytes in
            let fill = fills.withLock { fills in
                fills += 1
                return fills
            }
            for (index, number) in bytes.bindMemory(to: UInt64.self).indices.enumerated() {
                bytes.storeBytes(of: UInt64(fill * 1_000 + number), toByteOffset: index * 8, as: UInt64.self)
            }
        }
        let numbers = (0..<EntropyBuffer.count * 2).map { _ in buffer.next() }
        #expect(fills.withLock(\.self) == 2)
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func `ids that several tasks make at once are different, and random in every bit`() async {
        let ids = await withTaskGroup(of: [UUID].self) { group in
            for _ in 0..<8 { group.addTask { (0..<2_000).map { _ in UUID.v7() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(ids).count == ids.count)
        let low = ids.map { id in id.bytes[8...].reduce(0 as UInt64) { $0 << 8 | UInt64($1) } }
        // The first two bits are the variant.
        #expect(low.allSatisfy { $0 >> 62 == 0b10 })
        #expect(low.reduce(0, |) << 2 == ~0 << 2)
        #expect(low.reduce(~0, &) << 2 == 0)
    }
}
