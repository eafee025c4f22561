import EventSourcing
import EventSourcingTesting
import Foundation
import InvoicesDomain
import Testing

/// What was stored once must be readable for ever: every stored name has a frozen example in `Fixtures/`, and a change
/// of the code must never need a change of an example.
@Suite struct StoredEventTests {
    private func fixture(_ type: String) throws -> EventPayload {
        let url = try #require(
            Bundle.module.url(forResource: type, withExtension: "json", subdirectory: "Fixtures"))
        return EventPayload(bytes: [UInt8](try Data(contentsOf: url)))
    }

    private func fixture(_ name: InvoiceEvent.Name) throws -> EventPayload { try fixture(name.rawValue) }

    @Test func `everything that was ever stored decodes, for ever`() throws {
        try expectDecodable(
            InvoiceEvent.self, in: #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil)))
    }

    @Test(arguments: InvoiceEvent.Name.allCases)
    func `the frozen example of every stored name decodes and is encoded the same`(_ name: InvoiceEvent.Name) throws {
        let payload = try fixture(name)
        let event = try InvoiceEvent(name, from: payload)
        #expect(event.name == name)
        #expect(try InvoiceEvent(name, from: event.encode()) == event)
        let (stored, encoded) = (
            try payload.decode([String: Member].self), try event.encode().decode([String: Member].self)
        )
        #expect(stored == encoded)
    }

    @Test(arguments: InvoiceEvent.Name.allCases)
    func `every stored name keeps the naming scheme`(_ name: InvoiceEvent.Name) throws {
        #expect(try EventType(name.rawValue).schemaVersion >= 1)
    }

    @Test func `an event without optional fields decodes`() throws {
        let json = """
            {"invoiceId":"0190a6e2-0000-7000-8000-000000000001","createdAt":"2026-11-21T09:30:00Z","terms":
            {"customerId":"0190a6e2-0000-7000-8000-000000000002","amount":1,"netAmount":1,"taxAmount":0,"lines":[],
            "currency":"JPY"}}
            """
        let event = try InvoiceEvent(.created, from: EventPayload(bytes: Array(json.utf8)))
        guard case .created(let created) = event else {
            Issue.record("decoded as \(event.name)")
            return
        }
        #expect(created.terms.dueDate == nil)
        #expect(created.terms.reference == nil)
        #expect(created.issuedAt == nil)
    }

    /// Frozen as well: an invoice with a discount, a price finer than a cent, and tax by rate.
    @Test func `an event of lines that are rounded by rate decodes and is encoded the same`() throws {
        let json = """
            {"createdAt":"2026-11-21T09:30:00Z","invoiceId":"0190a6e2-0000-7000-8000-000000000001","terms":{"amount":27400,\
            "currency":"EUR","customerId":"0190a6e2-0000-7000-8000-000000000002","lines":[{"description":"Electricity, kWh",\
            "netAmount":25525,"quantity":"812.5","taxRate":1900,"unitPrice":"31.4159"},{"description":"Discount",\
            "netAmount":-2500,"quantity":"1","taxRate":1900,"unitPrice":-2500}],"netAmount":23025,\
            "roundingRule":"rate-half-up.v1","taxAmount":4375,"taxes":[{"netAmount":23025,"taxAmount":4375,"taxRate":1900}]}}
            """
        let payload = EventPayload(bytes: Array(json.utf8))
        let event = try InvoiceEvent(.created, from: payload)
        let terms = try #require(Invoice(folding: [event]).details?.terms)
        #expect(terms.taxTotals == [TaxTotal(taxRate: 1900, netAmount: 23_025, taxAmount: 4_375)])
        #expect(terms.lines.map(\.taxAmount) == [nil, nil])
        #expect(terms.lines.map(\.unitPrice.description) == ["31.4159", "-2500"])
        #expect(
            try event.encode().decode([String: Member].self) == payload.decode([String: Member].self))
    }

    // MARK: Retired names

    @Test func `an invoice that was issued at once by the second version, in two events, reads as before`() throws {
        let created = try load("invoices.invoice.created.v2", revision: 0)
        let issued = try InvoiceEvent(.issued, from: fixture(.issued)).numbered(7)
        let invoice = try #require(Invoice(folding: [created, issued]).details)
        #expect(invoice.standing == InvoiceStanding(state: .open, total: 222_20))
        #expect(invoice.number?.number == 7)
        #expect(Invoice(folding: [created]).details?.standing.state == .draft)
    }

    /// The frozen example of a stored type, as it is read from the log.
    private func load(_ type: String, revision: Int64, id: UUID = .v7()) throws -> InvoiceEvent {
        let metadata = EventMetadata(correlationID: "c", causationID: "c", source: "tests", occurredAt: Date())
        let record = RecordedEvent(
            position: Position(revision + 1), stream: try StreamName("invoices.invoice.v1-main-1"),
            revision: Revision(revision), id: id, type: try EventType(type),
            data: try fixture(type), metadata: try EventPayload(encoding: metadata),
            recordedAt: Date())
        return try #require(try Recorded<InvoiceEvent>(decoding: record)).event
    }

    @Test func `a created invoice of the first version is open, without a number`() throws {
        let invoice = Invoice(folding: [
            try load("invoices.invoice.created.v1", revision: 0)
        ])
        let createdAt = Date(timeIntervalSince1970: 1_795_253_400.25)
        #expect(invoice.standing == InvoiceStanding(state: .open, total: 1250))
        #expect(invoice.details?.series == nil)
        #expect(invoice.details?.createdAt == createdAt)
        #expect(invoice.details?.issuedAt == createdAt)
        let customer = try #require(UUID(uuidString: "0190A6E2-0000-7000-8000-000000000002"))
        let expected = InvoiceTerms(
            customerId: CustomerID(customer), currency: "EUR", amount: 1250, dueDate: CalendarDate("2026-12-31"),
            reference: "PO-7")
        #expect(invoice.details?.terms == expected)
    }

    @Test func `a payment that was stored before payments had ids has that of its event, and can be reversed`() throws {
        for type in ["invoices.invoice.paid.v1", "invoices.invoice.payment_received.v1"] {
            let event = try #require(UUID(uuidString: "0190A6E2-0000-7000-8000-00000000E001"))
            let received = try load(type, revision: 1, id: event)
            let invoice = Invoice(folding: [
                try load("invoices.invoice.created.v1", revision: 0), received,
            ])
            #expect(invoice.details?.payments?.map(\.id) == [PaymentID(event)])
            let reversal = try invoice.reverse(PaymentID(event), because: #require(Reason("bounced")), at: Date())
            #expect(reversal.map(\.name) == [.paymentReversed])
            #expect(
                try received.encode().decode([String: Member].self)["paymentId"] == .text(PaymentID(event).description))
        }
    }

    @Test func `a payment keeps the id that it was stored with`() throws {
        let id = PaymentID(UUID())
        let event = InvoiceEvent.paymentReceived(
            InvoicePaymentReceived(invoiceId: InvoiceID(UUID()), paymentId: id, amount: 1, paidAt: Date()))
        #expect(event.identified(by: UUID()) == event)
    }

    @Test func `a payment of the first version is one of all that was due`() throws {
        let invoice = Invoice(folding: [
            try load("invoices.invoice.created.v1", revision: 0),
            try load("invoices.invoice.paid.v1", revision: 1),
        ])
        #expect(invoice.standing == InvoiceStanding(state: .closed, total: 1250, paid: 1250))
        #expect(invoice.standing.paymentStatus == .paid)
    }

    @Test func `making out again what was made out in the first version says nothing new`() throws {
        let invoice = Invoice(folding: [try load("invoices.invoice.created.v1", revision: 0)])
        let created = try #require(invoice.details)
        let new = NewInvoice(
            id: created.id, customer: created.terms.customerId, contents: .amount(1250), currency: .euro,
            dueDate: CalendarDate("2026-12-31"), reference: Reference("PO-7"))
        #expect(try invoice.create(new, at: Date()).isEmpty)
    }
}

/// A member's value, to compare two objects without regard to the order of members.
private indirect enum Member: Decodable, Equatable {
    case number(Int64)
    case text(String)
    case array([Member])
    case object([String: Member])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let array = try? container.decode([Member].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: Member].self))
        }
    }
}
