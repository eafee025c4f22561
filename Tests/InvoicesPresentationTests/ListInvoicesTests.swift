import HTTPTypes
import Testing

@Suite struct ListInvoicesTests {
    @Test func `there is nothing to list at first`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/invoices")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"data":[],"nextCursor":null,"prevCursor":null,"total":null}"#)
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
        ("page", "page", "unknown-parameter"), ("state=paid", "state", "unknown-value"),
        ("state=open,", "state", "unknown-value"), ("state=", "state", "unknown-value"),
        ("state=open&state=draft,void&state=closed&state=open", "state", "unknown-value"),
        ("paymentStatus=open", "paymentStatus", "unknown-value"), ("customerId=c1", "customerId", "not-a-uuid"),
        ("currency=eur", "currency", "unknown-currency"), ("number=INV-26-1", "number", "invalid-number"),
        ("amountFrom=0", "amountFrom", "out-of-range"), ("amountTo=12.50", "amountTo", "not-an-integer"),
        ("createdFrom=2026-01-01", "createdFrom", "not-a-time"), ("createdTo=now", "createdTo", "not-a-time"),
        ("issuedFrom=", "issuedFrom", "not-a-time"), ("issuedTo=1", "issuedTo", "not-a-time"),
        ("dueFrom=2026-02-30", "dueFrom", "not-a-date"), ("dueTo=2026", "dueTo", "not-a-date"),
        ("overdue=yes", "overdue", "unknown-value"), ("on=today", "on", "not-a-date"), ("q=", "q", "invalid-text"),
        ("q=a%00b", "q", "invalid-text"), ("sort=size", "sort", "unknown-value"),
        ("sort=--amount", "sort", "unknown-value"),
        ("total=1", "total", "unknown-value"), ("total=true&total=true", "total", "duplicate"),
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
            let answer = try await client.send(.get, "/invoices?limit=0&cursor=x&offset=1&sort=size")
            #expect(answer.json["errors"].elements.map { $0["parameter"] } == ["limit", "sort", "cursor", "offset"])
        }
    }

    @Test(arguments: ["/invoices?", "/invoices?&", "/invoices/"])
    func `an empty query is none`(path: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, path)
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: ["createdAt", "-createdAt", "issuedAt", "-issuedAt", "dueDate", "-dueDate", "amount", "-number"])
    func `the links of a page lead to the end and back again`(sort: String) async throws {
        try await TestService().test { client in
            for number in 1...9 {
                let more = number % 3 == 0 ? #", "draft": true"# : #", "dueDate": "2026-12-0\#(number % 2 + 1)""#
                _ = try await client.send(
                    .post, "/invoices", body: #"{"customerId": "\#(customer)", "amount": \#(number % 4 + 1)\#(more)}"#)
            }
            let all = try await client.send(.get, "/invoices?sort=\(sort)").json["data"].elements.map { $0["id"] }
            #expect(Set(all).count == 9)
            var (pages, path): ([[Value]], String?) = ([], "/invoices?sort=\(sort)&limit=2")
            var last = ""
            while let next = path {
                let page = try await client.send(.get, next)
                #expect(page.link("first") == "/invoices?sort=\(sort)&limit=2")
                #expect((page.link("prev") != nil) == !pages.isEmpty)
                pages.append(page.json["data"].elements.map { $0["id"] })
                (last, path) = (next, page.link("next"))
            }
            #expect(pages.flatMap(\.self) == all)
            var back: [[Value]] = []
            path = try await client.send(.get, last).link("prev")
            while let previous = path {
                let page = try await client.send(.get, previous)
                back.insert(page.json["data"].elements.map { $0["id"] }, at: 0)
                path = page.link("prev")
            }
            #expect(back == pages.dropLast())
        }
    }

    @Test func `filters are met all together, and the total counts what meets them`() async throws {
        try await TestService().test { client in
            for amount in 1...6 { _ = try await client.createInvoice(amount: amount) }
            let path = try #require(try await client.createInvoice(amount: 3).headers[.location])
            _ = try await client.send(.post, path + "/pay")
            func amounts(_ query: String) async throws -> [Value] {
                let answer = try await client.send(.get, "/invoices?sort=amount&total=true&\(query)")
                let found = answer.json["data"].elements.map { $0["amount"] }
                #expect(answer.json["total"] == .integer(Int64(found.count)))
                return found
            }
            #expect(try await amounts("state=closed") == [3])
            #expect(try await amounts("state=open,closed&amountFrom=3&amountTo=4") == [3, 3, 4])
            #expect(try await amounts("state=open&state=closed&paymentStatus=unpaid&amountTo=3") == [1, 2, 3])
            #expect(try await amounts("number=INV-2026-000002") == [2])
            #expect(try await amounts("q=2026-00000") == [1, 2, 3, 3, 4, 5, 6])
            #expect(try await amounts("currency=USD") == [])
        }
    }

    @Test(arguments: [
        ("Order%207", 1), ("order+7", 1), ("Order%2B7", 1), ("rder", 2), ("order++7", 0), ("%2B", 1),
    ])
    func `a plus in what is looked for is a space, as in forms`(text: String, count: Int) async throws {
        try await TestService().test { client in
            for reference in ["Order 7", "Order+7"] {
                let body = #"{"customerId": "\#(customer)", "amount": 1, "reference": "\#(reference)"}"#
                _ = try await client.send(.post, "/invoices", body: body)
            }
            let found = try await client.send(.get, "/invoices?createdFrom=2020-01-01T00:00:00+02:00&q=\(text)")
            #expect(found.json["data"].elements.count == count)
        }
    }

    @Test func `what is overdue is so on a day`() async throws {
        try await TestService().test { client in
            _ = try await client.send(
                .post, "/invoices", body: #"{"customerId": "\#(customer)", "amount": 1, "dueDate": "2026-12-31"}"#)
            for (query, count) in [("", 0), ("&on=2026-12-31", 0), ("&on=2027-01-01", 1)] {
                let overdue = try await client.send(.get, "/invoices?overdue=true\(query)").json["data"].elements
                #expect(overdue.count == count && overdue.allSatisfy { $0["overdue"] == .bool(true) })
                let others = try await client.send(.get, "/invoices?overdue=false\(query)").json["data"].elements
                #expect(others.count == 1 - count)
            }
        }
    }

    @Test func `a cursor is of no use in another list`() async throws {
        try await TestService().test { client in
            for amount in 1...3 { _ = try await client.createInvoice(amount: amount) }
            let page = try await client.send(.get, "/invoices?limit=1&state=open&q=INV")
            let cursor = try #require(page.json["nextCursor"].string)
            for query in ["state=open&q=INV&limit=200", "q=INV&state=open&sort=-createdAt&total=true"] {
                #expect(try await client.send(.get, "/invoices?\(query)&cursor=\(cursor)").status == 200)
            }
            for query in ["", "state=open", "state=draft&q=INV", "state=open&q=INV&sort=amount"] {
                let answer = try await client.send(.get, "/invoices?\(query)&cursor=\(cursor)")
                #expect(answer.status == 400)
                #expect(answer.json["errors"][0]["code"] == "invalid-cursor")
            }
        }
    }
}

extension Answer {
    /// Where a relation of the `Link` header leads.
    fileprivate func link(_ relation: String) -> String? {
        let links = (headers[HTTPField.Name("Link")!] ?? "").matches(of: /<([^>]*)>; rel="([a-z]+)"/)
        return links.first { $0.2 == relation }.map { String($0.1) }
    }
}
