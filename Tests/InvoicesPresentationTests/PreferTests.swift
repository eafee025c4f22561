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
            #expect(created.taggedRevision == 0)
            #expect(paid.taggedRevision == 1)
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

    @Test func `reads and refusals are answered as ever`() async throws {
        try await TestService().test { client in
            let headers: HTTPFields = [.prefer: "return=minimal"]
            let path = try await client.createdInvoice()
            let read = try await client.send(.get, path, headers: headers)
            #expect(read.status == 200)
            #expect(read.headers[.preferenceApplied] == nil)
            #expect(try await client.send(.post, "/invoices", headers: headers, body: "{}").status == 422)
        }
    }

    @Test(arguments: [("wait=0", true), ("return=minimal, wait=0", true), ("wait=60", false), ("wait=soon", false)])
    func `a write waits for reads as long as the caller wants`(preference: String, isBehind: Bool) async throws {
        let service = try TestService(timeout: .seconds(60))
        try await service.test { client in
            service.store.pauseProjection()
            async let answering = client.send(
                .post, "/invoices", headers: [.prefer: preference], body: Self.body)
            if !isBehind {
                while service.store.appends == 0 { await Task.yield() }
                try await service.store.resumeProjection()
            }
            let answer = try await answering
            #expect([201, 204].contains(answer.status))
            #expect(answer.headers[.readsBehind] == (isBehind ? "true" : nil))
        }
    }
}

extension HTTPField.Name {
    static let prefer = Self("Prefer")!
    static let preferenceApplied = Self("Preference-Applied")!
    static let readsBehind = Self("Reads-Behind")!
}
