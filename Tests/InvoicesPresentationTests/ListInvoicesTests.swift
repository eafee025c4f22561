import HTTPTypes
import Testing

@Suite struct ListInvoicesTests {
    @Test func `there is nothing to list at first`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/invoices")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"data":[],"nextCursor":null}"#)
        }
    }

    @Test(arguments: [1, 2, 3, 7, 10, 11])
    func `pages hold every invoice once, the newest first`(limit: Int) async throws {
        try await TestService().test { client in
            for amount in 1...10 { _ = try await client.createInvoice(amount: amount) }
            var (amounts, times): ([Value], [String]) = ([], [])
            var path = "/invoices?limit=\(limit)"
            while true {
                let page = try await client.send(.get, path)
                #expect(page.json["data"].elements.count <= limit)
                amounts += page.json["data"].elements.map { $0["amount"] }
                times += page.json["data"].elements.compactMap { $0["createdAt"].string }
                guard let cursor = page.json["nextCursor"].string else { break }
                #expect(page.json["data"].elements.count == limit)
                path = "/invoices?limit=\(limit)&cursor=\(cursor)"
            }
            #expect(Set(amounts).count == 10 && amounts.count == 10)
            #expect(times == times.sorted(by: >))
        }
    }

    @Test func `a page has 50 invoices unless it is told otherwise`() async throws {
        try await TestService().test { client in
            for amount in 1...51 { _ = try await client.createInvoice(amount: amount) }
            let page = try await client.send(.get, "/invoices")
            #expect(page.json["data"].elements.count == 50)
            #expect(page.json["nextCursor"].string != nil)
            #expect(try await client.send(.get, "/invoices?limit=200").json["nextCursor"] == .null)
        }
    }

    @Test func `what is created while pages are read neither repeats nor hides an invoice`() async throws {
        try await TestService().test { client in
            for amount in 1...4 { _ = try await client.createInvoice(amount: amount) }
            let first = try await client.send(.get, "/invoices?limit=2")
            _ = try await client.createInvoice(amount: 5)
            let cursor = try #require(first.json["nextCursor"].string)
            let second = try await client.send(.get, "/invoices?limit=2&cursor=\(cursor)")
            let amounts = (first.json["data"].elements + second.json["data"].elements).map { $0["amount"] }
            #expect(Set(amounts) == [1, 2, 3, 4])
        }
    }

    @Test(arguments: [
        ("limit=0", "limit", "out-of-range"), ("limit=201", "limit", "out-of-range"),
        ("limit=-1", "limit", "out-of-range"), ("limit=99999999999999999999", "limit", "out-of-range"),
        ("limit=", "limit", "not-an-integer"), ("limit", "limit", "not-an-integer"),
        ("limit=ten", "limit", "not-an-integer"), ("limit=1.5", "limit", "not-an-integer"),
        ("limit=1e1", "limit", "not-an-integer"), ("limit=+1", "limit", "not-an-integer"),
        ("limit=%zz", "limit", "not-an-integer"), ("limit=1&limit=2", "limit", "duplicate"),
        ("cursor=", "cursor", "invalid-cursor"), ("cursor=abc", "cursor", "invalid-cursor"),
        ("cursor=AgAAAAAAAAAqY7ek8A", "cursor", "invalid-cursor"),
        ("cursor=AQAGRBm69TgQAZChsgAAcACAAAAAAAAAAZwYBrt", "cursor", "invalid-cursor"),
        ("offset=10", "offset", "unknown-parameter"), ("Limit=1", "Limit", "unknown-parameter"),
        ("page", "page", "unknown-parameter"),
    ])
    func `a wrong parameter is refused by name`(query: String, parameter: String, code: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/invoices?\(query)")
            #expect(answer.status == 400)
            #expect(answer.json["code"] == "invalid-parameters")
            #expect(answer.json["errors"].elements.count == 1)
            #expect(answer.json["errors"][0]["parameter"] == .string(parameter))
            #expect(answer.json["errors"][0]["code"] == .string(code))
        }
    }

    @Test func `all wrong parameters are named at once`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/invoices?limit=0&cursor=x&offset=1&sort=amount")
            #expect(answer.json["errors"].elements.map { $0["parameter"] } == ["limit", "cursor", "offset", "sort"])
        }
    }

    @Test(arguments: ["/invoices?", "/invoices?&", "/invoices/"])
    func `an empty query is none`(path: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, path)
            #expect(answer.status == 200)
        }
    }
}
