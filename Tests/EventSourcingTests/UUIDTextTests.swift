import EventSourcing
import FoundationEssentials
import Testing

@Suite("UUIDs as text") struct UUIDTextTests {
    @Test func `text is Foundation's, in lower case, and is read in either case`() {
        for _ in 0..<1_000 {
            let id = UUID()
            #expect(id.text == id.uuidString.lowercased())
            #expect(UUID(text: id.text) == id)
            #expect(UUID(text: id.uuidString) == id)
        }
    }

    @Test(arguments: [
        "", "0190a1b2-0000-7000-8000-00000000000", "0190a1b2-0000-7000-8000-0000000000011",
        "0190a1b2_0000-7000-8000-000000000001", "0190a1b2-0000-7000-8000-00000000000g",
        "0190a1b20000-7000-8000-0000000000012", "{190a1b2-0000-7000-8000-00000000000}",
        "٠190a1b2-0000-7000-8000-0000000000",
    ])
    func `anything else is no UUID`(_ text: String) {
        #expect(UUID(text: text) == nil)
    }
}
