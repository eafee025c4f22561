import EventSourcing
import HTTPTypes
import Testing

@Suite struct ConditionalReadTests {
    @Test(arguments: [
        ("T", 304), ("W/T", 304), ("T-gzip", 304), (#""7", W/T, "8""#, 304), ("*", 304), (#", T ,, "x""#, 304),
        (#""0""#, 200), (#"W/"0""#, 200), (#""foreign""#, 200), ("T-br", 200), ("T-html", 200),
        (#""0-9f86d081884c7d659a2feaa0""#, 200),
    ])
    func `a read is answered in full only if it has changed`(tags: String, status: Int) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            for accept in ["application/json", "text/html"] {
                let tag = try #require(try await client.send(.get, path, headers: [.accept: accept]).headers[.eTag])
                let named = String(tag.dropLast())
                let known = tags.replacing("T-gzip", with: named + "-gzip\"").replacing("T-br", with: named + "-br\"")
                    .replacing("T-html", with: named + "-html\"").replacing("T", with: tag)
                for method in [HTTPRequest.Method.get, .head] {
                    let headers: HTTPFields = [.ifNoneMatch: known, .accept: accept]
                    let answer = try await client.send(method, path, headers: headers)
                    #expect(answer.status == status)
                    #expect(answer.taggedRevision == 0)
                    #expect(answer.headers[.vary]?.hasPrefix("Accept") == true)
                    guard status == 304 else { continue }
                    #expect(answer.text.isEmpty)
                    #expect(answer.headers[.contentType] == nil)
                }
            }
        }
    }

    @Test func `what has changed since is read in full`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let tag = try #require(try await client.send(.get, path).headers[.eTag])
            _ = try await client.send(.post, path + "/pay")
            let answer = try await client.send(.get, path, headers: [.ifNoneMatch: tag])
            #expect(answer.status == 200)
            #expect(answer.taggedRevision == 1)
        }
    }

    /// What depends on the day. The clock says eleven in the morning of the day on which the invoices are due.
    @Test(arguments: ["", "gzip"]) func `what midnight changes is read in full`(encoding: String) async throws {
        let service = try TestService()
        try await service.test { client in
            let body = #"{"customerId": "\#(customer)", "amount": 5, "dueDate": "2026-11-18"}"#
            var created: Answer?
            for _ in 0..<5 { created = try await client.send(.post, "/invoices", body: body) }
            let path = try #require(created?.headers[.location])
            let reads = [
                (path, "application/json"), (path, "text/html"), ("\(path)?revision=0", "application/json"),
                ("/invoices", "application/json"), ("/customers/\(customer)/statement", "application/json"),
            ]
            func read(_ index: Int, knowing tag: String? = nil) async throws -> Answer {
                var headers: HTTPFields = [.accept: reads[index].1, .acceptEncoding: encoding]
                headers[.ifNoneMatch] = tag
                return try await client.send(.get, reads[index].0, headers: headers)
            }
            var tags: [String] = []
            for index in reads.indices { tags.append(try #require(try await read(index).headers[.eTag])) }
            #expect(Set(tags).count == reads.count - 1, "an invoice as it is, and at its last revision, are the same")
            service.clock.advance(by: 12 * 3600)
            for (index, tag) in tags.enumerated() {
                #expect(try await read(index, knowing: tag).status == 304, "\(reads[index])")
            }
            service.clock.advance(by: 3600)
            for (index, tag) in tags.enumerated() {
                let answer = try await read(index, knowing: tag)
                #expect(answer.status == 200, "\(reads[index])")
                #expect(answer.headers[.eTag] != tag, "\(reads[index])")
                let now = try #require(answer.headers[.eTag])
                #expect(try await read(index, knowing: now).status == 304, "\(reads[index])")
            }
            #expect(try await client.send(.get, path).json["overdue"] == .bool(true))
            // The revision is the same, whichever answer the caller has read, and when.
            for (index, tag) in tags.prefix(3).enumerated() {
                let paid = try await client.send(
                    .post, path + "/pay", headers: [.ifMatch: index == 0 ? tag : "\"7\", \(tag), \"\(index)\""],
                    body: #"{"amount": 1}"#)
                #expect(paid.status == 200, "\(tag)")
                #expect(paid.taggedRevision == Int64(index + 1))
            }
        }
    }

    @Test func `the answer to a write has the tag of the same answer to a read`() async throws {
        try await TestService().test { client in
            let created = try await client.createInvoice()
            let path = try #require(created.headers[.location])
            let tag = try #require(created.headers[.eTag])
            #expect(try await client.send(.get, path, headers: [.ifNoneMatch: tag]).status == 304)
            let paid = try await client.send(.post, path + "/pay", headers: [.prefer: "return=minimal"])
            #expect(try await client.send(.get, path).headers[.eTag] == paid.headers[.eTag])
        }
    }

    @Test func `pages of a list and of a history, and documents, have tags of their own`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            _ = try await client.createdInvoice()
            let paths = [
                "/invoices", "/invoices?limit=1", "/invoices?on=2030-01-01&total=true", path + "/events",
                "/openapi.yaml",
                "/openapi.json", "/api", "/api/initializer.js",
            ]
            var tags = Set<String>()
            for path in paths {
                let tag = try #require(try await client.send(.get, path).headers[.eTag], "\(path)")
                tags.insert(tag)
                let known = try await client.send(.get, path, headers: [.ifNoneMatch: tag])
                #expect(known.status == 304 && known.headers[.eTag] == tag, "\(path)")
                #expect(try await client.send(.get, path, headers: [.ifNoneMatch: #""0""#]).status == 200, "\(path)")
            }
            #expect(tags.count == paths.count)
            let events = try #require(try await client.send(.get, path + "/events").headers[.eTag])
            _ = try await client.send(.post, path + "/pay")
            #expect(try await client.send(.get, path + "/events", headers: [.ifNoneMatch: events]).status == 200)
        }
    }

    @Test func `an invoice that does not exist is none, whatever is known of it`() async throws {
        try await TestService().test { client in
            let path = "/invoices/0190a1b2-0000-7000-8000-000000000001"
            let answer = try await client.send(.get, path, headers: [.ifNoneMatch: "*"])
            #expect(answer.status == 404)
        }
    }

    @Test(arguments: ["0", #""0"#, #""0" "1""#, "", "* , \"0\""])
    func `a condition that cannot be read is refused`(tags: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.get, path, headers: [.ifNoneMatch: tags])
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["header"] == "If-None-Match")
            #expect(answer.json["errors"][0]["code"] == "invalid-entity-tag")
        }
    }

    @Test(arguments: ["*", #""7""#])
    func `an action on an invoice never meets If-None-Match, and creating one always does`(tags: String) async throws {
        let service = try TestService()
        try await service.test { client in
            let created = try await client.send(
                .post, "/invoices", headers: [.ifNoneMatch: tags],
                body: #"{"customerId": "\#(customer)", "amount": 1}"#)
            #expect(created.status == 201)
            let path = try #require(created.headers[.location])
            let answer = try await client.send(.post, path + "/pay", headers: [.ifNoneMatch: tags])
            #expect(answer.status == 412)
            #expect(answer.json["code"] == "precondition-failed")
            #expect(try await service.store.base.head().rawValue == 1)
        }
    }

    @Test(arguments: [
        (#""0""#, 200), (#""0-gzip""#, 200), (#""0-9f86d081884c7d659a2feaa0""#, 200), ("*", 200),
        (#""0-9f86d081884c7d659a2feaa0-gzip""#, 200), (#"W/"0", "0""#, 200), (#""5","0" , "x""#, 200),
        (#"W/"0""#, 412), (#"W/"0-9f86d081884c7d659a2feaa0""#, 412), (#""1""#, 412), (#""0-html""#, 412),
        (#""00""#, 412), (#""0-""#, 412), (#""0-9f86d081884c7d659a2feaa""#, 412), (#""""#, 412),
        (#""-9f86d081884c7d659a2feaa0""#, 412), (#""0-9F86D081884C7D659A2FEAA0""#, 412),
    ])
    func `If-Match is about the revision, of whichever answer`(tags: String, status: Int) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let paid = try await client.send(.post, path + "/pay", headers: [.ifMatch: tags])
            #expect(paid.status == status)
            if status == 412 { #expect(paid.headers[.eTag] == #""0""#) }
        }
    }
}
