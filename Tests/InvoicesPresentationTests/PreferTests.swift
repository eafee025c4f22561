import HTTPTypes
import Testing

@Suite struct PreferTests {
    private static let body = #"{"customerId": "\#(customer)", "amount": 1}"#

    @Test(arguments: [
        "return=minimal", "Return = \"minimal\"", "respond-async, return=minimal; foo=bar",
        "return=minimal, return=representation",
    ])
    func `a write can be answered by headers alone`(preference: String) async throws {
        try await TestService().test { client in
            let headers: HTTPFields = [.prefer: preference]
            let created = try await client.send(.post, "/invoices", headers: headers, body: Self.body)
            let path = try #require(created.headers[.location])
            let paid = try await client.send(.post, path + "/pay", headers: headers)
            for answer in [created, paid] {
                #expect(answer.status == 204)
                #expect(answer.text.isEmpty)
                #expect(answer.headers[.preferenceApplied] == "return=minimal")
                #expect(answer.headers[.consistencyToken] != nil)
            }
            #expect(created.headers[.eTag] == #""1""#)
            #expect(paid.headers[.eTag] == #""2""#)
            let read = try await client.send(
                .get, path, headers: [.consistencyToken: try #require(paid.headers[.consistencyToken])])
            #expect(read.json["paymentStatus"] == "paid")
        }
    }

    @Test(arguments: [
        ("return=representation", "return=representation"), ("return=tiny", nil), ("minimal", nil), ("return", nil),
        ("", nil), ("handling=strict", nil), ("xreturn=minimal", nil),
    ])
    func `every other preference leaves the invoice in the answer`(preference: String, applied: String?) async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices", headers: [.prefer: preference], body: Self.body)
            #expect(answer.status == 201)
            #expect(answer.json["amount"] == 1)
            #expect(answer.headers[.preferenceApplied] == applied)
        }
    }

    @Test func `reads, refusals and writes that cannot be read yet are answered as ever`() async throws {
        let service = try TestService()
        try await service.test { client in
            let headers: HTTPFields = [.prefer: "return=minimal"]
            let path = try await client.createdInvoice()
            let read = try await client.send(.get, path, headers: headers)
            #expect(read.status == 200)
            #expect(read.headers[.preferenceApplied] == nil)
            #expect(try await client.send(.post, "/invoices", headers: headers, body: "{}").status == 422)
            service.store.pauseProjection()
            let accepted = try await client.send(.post, path + "/pay", headers: headers)
            #expect(accepted.status == 202)
            #expect(accepted.json["revision"] == 2)
        }
    }
}

extension HTTPField.Name {
    static let prefer = Self("Prefer")!
    static let preferenceApplied = Self("Preference-Applied")!
}
