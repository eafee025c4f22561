import EventSourcing
import Foundation
import InvoicesApplication
import InvoicesDomain
import Testing

@testable import InvoicesPresentation

@Suite struct TokenTests {
    @Test(arguments: [0, 1, 1_795_000_000_250_001, -62_135_596_800_000_000, 253_402_300_799_999_999])
    func `a cursor keeps its place to the microsecond`(microseconds: Int64) throws {
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let createdAt = Date(timeIntervalSince1970: Double(seconds) + Double(fraction) / 1_000_000)
        let place = InvoicePlace(createdAt: createdAt, id: InvoiceID(UUID()))
        let text = InvoiceCursor.text(for: place)
        #expect(text.wholeMatch(of: /[A-Za-z0-9_-]{39}/) != nil)
        #expect(InvoiceCursor.place(in: text) == place)
    }

    @Test func `a token with any character changed is none`() throws {
        let text = InvoiceCursor.text(
            for: InvoicePlace(createdAt: Date(timeIntervalSince1970: 1_795_000_000.25), id: InvoiceID(UUID.v7())))
        for index in text.indices {
            let changed = text.replacingCharacters(in: index...index, with: text[index] == "A" ? "B" : "A")
            #expect(InvoiceCursor.place(in: changed) == nil)
        }
        #expect(InvoiceCursor.place(in: text + "A") == nil)
        #expect(InvoiceCursor.place(in: String(text.dropLast())) == nil)
        #expect(InvoiceCursor.place(in: text + "=") == nil)
    }

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

    @Test func `the tokens of the document are ones that the service makes`() {
        let root = Contract.document.root
        let token = root["components"]["headers"]["ConsistencyToken"]["example"].string ?? ""
        #expect(token == ConsistencyToken.text(for: Position(42)))
        let page = root["paths"]["/invoices"]["get"]["responses"]["200"]["content"]["application/json"]["examples"]
        let cursor = page["page"]["value"]["nextCursor"].string ?? ""
        let id = UUID(uuidString: "0190a1b2-0000-7000-8000-000000000001")!
        let place = InvoicePlace(createdAt: RFC3339.date(from: "2026-11-21T09:30:00.250Z")!, id: InvoiceID(id))
        #expect(cursor == InvoiceCursor.text(for: place))
    }
}
