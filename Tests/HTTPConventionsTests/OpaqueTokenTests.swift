import EventSourcing
import Testing

@testable import HTTPConventions

@Suite struct OpaqueTokenTests {
    @Test func `a token of one kind is not taken for another`() {
        let token = OpaqueToken.text(of: .consistency, [1, 2, 3])
        #expect(OpaqueToken.payload(of: .consistency, size: 3, in: token) == [1, 2, 3])
        #expect(OpaqueToken.payload(of: .cursor, size: 3, in: token) == nil)
        #expect(OpaqueToken.payload(of: .consistency, size: 2, in: token) == nil)
    }

    @Test(arguments: [0, 1, 42, Int64.max])
    func `a consistency token keeps its position`(position: Int64) throws {
        let token = ConsistencyToken.text(for: Position(position))
        let payload = try #require(OpaqueToken.payload(of: .consistency, size: 8, in: token))
        #expect(Int64(bigEndianBytes: payload) == position)
    }
}
