import EventSourcing
import Foundation
import InvoicesApplication
import InvoicesDomain
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

@Suite struct TokenTests {
    private let cursor = InvoiceCursor(list: "state=open&sort=-createdAt")

    @Test(arguments: [0, 1, 1_795_000_000_250_001, -62_135_596_800_000_000, 253_402_300_799_999_999])
    func `a cursor keeps its place to the microsecond`(microseconds: Int64) throws {
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let createdAt = Date(timeIntervalSince1970: Double(seconds) + Double(fraction) / 1_000_000)
        let place = InvoicePlace(.time(createdAt), position: Position(Int64.random(in: 1 ... .max)))
        for edge in [InvoiceEdge.after(place), .before(place)] {
            let text = cursor.text(for: edge)
            #expect(text.wholeMatch(of: /[A-Za-z0-9_-]{40}/) != nil)
            #expect(cursor.edge(in: text, sortedBy: .createdAt) == edge)
        }
    }

    @Test(arguments: InvoiceOrder.Key.allCases)
    func `a cursor keeps a place in any order, with a value and without`(_ key: InvoiceOrder.Key) throws {
        let series = try #require(InvoiceSeries("SHOP123456"))
        let value: InvoicePlace.Value =
            switch key {
            case .createdAt, .issuedAt: .time(Date(timeIntervalSince1970: 1_795_000_000.250001))
            case .dueDate: .date(try #require(CalendarDate("2028-02-29")))
            case .amount: .amount(Money.largestInvoice)
            case .number: .number(InvoiceNumber(series: series, year: 9999, number: .max))
            }
        for value in [value, nil] {
            let edge = InvoiceEdge.before(InvoicePlace(value, position: Position(.max)))
            #expect(cursor.text(for: edge).count <= 128)
            #expect(cursor.edge(in: cursor.text(for: edge), sortedBy: key) == edge)
        }
    }

    @Test func `a token with any character changed is none`() throws {
        let place = InvoicePlace(.time(Date(timeIntervalSince1970: 1_795_000_000.25)), position: Position(7))
        let text = cursor.text(for: .after(place))
        func edge(in text: String) -> InvoiceEdge? { cursor.edge(in: text, sortedBy: .createdAt) }
        for index in text.indices {
            let changed = text.replacingCharacters(in: index...index, with: text[index] == "A" ? "B" : "A")
            #expect(edge(in: changed) == nil)
        }
        #expect(edge(in: text + "A") == nil)
        #expect(edge(in: String(text.dropLast())) == nil)
        #expect(edge(in: text + "=") == nil)
        #expect(InvoiceCursor(list: "another").edge(in: text, sortedBy: .createdAt) == nil)
    }

    @Test func `the tokens of the document are ones that the service makes`() {
        let root = Contract.document.root
        let token = root["components"]["headers"]["ConsistencyToken"]["example"].string ?? ""
        #expect(token == ConsistencyToken.text(for: Position(42)))
        let page = root["paths"]["/invoices"]["get"]["responses"]["200"]["content"]["application/json"]["examples"]
        let cursor = page["page"]["value"]["nextCursor"].string ?? ""
        let place = InvoicePlace(.time(RFC3339.date(from: "2026-11-21T09:30:00.250Z")!), position: Position(1))
        #expect(cursor == InvoiceCursor(list: "&sort=-createdAt").text(for: .after(place)))
    }
}
