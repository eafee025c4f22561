import HTTPTypes
import Testing

@Suite(.timeLimit(.minutes(5))) struct ReviseInvoiceTests {
    @Test(arguments: [nil, "application/json", "application/merge-patch+json", "Application/Merge-Patch+JSON; a=b"])
    func `what is given is changed, and the rest is kept`(type: String?) async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            var headers: HTTPFields = [.ifMatch: "\"0\""]
            headers[.contentType] = type
            let body = #"{"amount": 99, "currency": "USD", "dueDate": null, "reference": "Order 7"}"#
            let answer = try await client.send(.patch, path, headers: headers, body: body)
            #expect(answer.status == 200)
            #expect(answer.taggedRevision == 1)
            #expect(answer.headers[.consistencyToken] != nil)
            #expect(answer.json["amount"] == 99)
            #expect(answer.json["currency"] == "USD")
            #expect(answer.json["dueDate"] == .null)
            #expect(answer.json["reference"] == "Order 7")
            #expect(answer.json["customerId"].string == customer)
            #expect(answer.json["state"] == "draft")
            #expect(try await client.send(.get, path).json == answer.json)
        }
    }

    @Test func `lines take the place of an amount, and an amount that of lines`() async throws {
        let lines = #"[{"description": "Work", "quantity": "2", "unitPrice": 500, "taxRate": 1900}]"#
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let lined = try await client.send(.patch, path, body: #"{"lines": \#(lines), "amount": null}"#)
            #expect(lined.status == 200)
            #expect(lined.json["amount"] == 1190)
            #expect(lined.json["lines"].elements.count == 1)
            let plain = try await client.send(.patch, path, body: #"{"amount": 7, "lines": null}"#)
            #expect(plain.json["amount"] == 7)
            #expect(plain.json["lines"] == .array([]))
            #expect(plain.json["revision"] == 2)
        }
    }

    @Test(arguments: ["{}", #"{"amount": 1250, "dueDate": "2026-12-31"}"#])
    func `a change to what is there already changes nothing`(body: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let answer = try await client.send(.patch, path, body: body)
            #expect(answer.status == 200)
            #expect(answer.taggedRevision == 0)
        }
    }

    @Test(arguments: [
        (#"{"amount": null}"#, ["/amount": "required"]), (#"{"lines": null}"#, ["/lines": "required"]),
        (#"{"customerId": null}"#, ["/customerId": "wrong-type"]),
        (#"{"currency": null}"#, ["/currency": "wrong-type"]),
        (
            #"{"amount": 1, "lines": [{}], "draft": false}"#,
            [
                "/amount": "contradiction", "/draft": "unknown-member", "/lines/0/description": "required",
                "/lines/0/quantity": "required", "/lines/0/unitPrice": "required", "/lines/0/taxRate": "required",
            ]
        ),
        (
            #"{"dueDate": "31.12.2026", "reference": ""}"#,
            ["/dueDate": "not-a-date", "/reference": "invalid-reference"]
        ),
        ("[]", ["": "wrong-type"]),
    ])
    func `a wrong change is refused with everything that is wrong`(
        body: String, errors: [String: String]
    ) async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let answer = try await client.send(.patch, path, body: body)
            #expect(answer.status == 422)
            let found = answer.json["errors"].elements.map { ($0["pointer"].string ?? "", $0["code"].string ?? "") }
            #expect(Dictionary(uniqueKeysWithValues: found) == errors)
            #expect(try await client.send(.get, path).json["revision"] == 0)
        }
    }

    @Test func `a change needs a body, as JSON`() async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            #expect(try await client.send(.patch, path).status == 400)
            #expect(
                try await client.send(.patch, path, headers: [.contentType: "text/plain"], body: "{}").status == 415)
            // A merge patch is nothing to create from.
            let created = try await client.send(
                .post, "/invoices", headers: [.contentType: "application/merge-patch+json"], body: "{}")
            #expect(created.status == 415)
        }
    }

    @Test func `only a draft can be changed, and the refusal tells what can be done`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.patch, path, body: #"{"amount": 1}"#)
            #expect(answer.status == 409)
            #expect(answer.json["code"] == "action-not-allowed")
            let detail = "The invoice is open and unpaid, which does not allow revise. It allows: pay, void."
            #expect(answer.json["detail"].string == detail)
        }
    }
}
