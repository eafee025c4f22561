import EventSourcing
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import InvoicesPresentation

@Suite struct WebhookTests {
    @Test func `a webhook is created with a secret that is told once`() async throws {
        try await TestService().test { client in
            let body = #"{"url": "HTTPS://Example.com./hooks?a=1", "eventTypes": ["invoices.invoice.voided.v1"]}"#
            let created = try await client.send(.post, "/webhooks", body: body)
            #expect(created.status == 201 && created.headers[.cacheControl] == "no-store")
            let secret = try #require(created.json["secret"].string)
            #expect(WebhookSecret(text: secret) != nil)
            let path = try #require(created.headers[.location])
            let read = try await client.send(.get, path)
            #expect(read.json == created.json["webhook"] && !read.text.contains("whsec_"))
            #expect(read.json["url"] == "https://example.com/hooks?a=1" && read.json["enabled"] == .bool(true))
            #expect(read.json["eventTypes"].strings == ["invoices.invoice.voided.v1"] && read.taggedRevision == 0)
            let list = try await client.send(.get, "/webhooks")
            #expect(list.json["data"].elements == [read.json] && list.json["nextCursor"] == .null)
            let known = try #require(read.headers[.eTag])
            #expect(try await client.send(.get, path, headers: [.ifNoneMatch: known]).status == 304)
        }
    }

    @Test func `a short answer is not for what tells a secret`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/webhooks", headers: [.prefer: "return=minimal"], body: #"{"url": "https://example.com/"}"#)
            #expect(answer.status == 201 && answer.json["secret"].string != nil)
        }
    }

    @Test(arguments: [
        (#"{}"#, ["/url required"]), (#"{"url": 1}"#, ["/url wrong-type"]),
        (#"{"url": "ftp://a"}"#, ["/url invalid-url"]),
        (#"{"url": "https://user:hunter2@example.com/"}"#, ["/url invalid-url"]),
        (#"{"url": "http://example.com/"}"#, ["/url address-refused"]),
        (#"{"url": "https://169.254.169.254/"}"#, ["/url address-refused"]),
        (#"{"url": "https://localhost./"}"#, ["/url address-refused"]),
        (#"{"url": "https://[::ffff:127.0.0.1]/"}"#, ["/url address-refused"]),
        (#"{"url": "https://2130706433/"}"#, ["/url invalid-url"]),
        (
            #"{"url": "https://example.com/", "eventTypes": [], "description": "a\nb", "secret": "whsec_"}"#,
            ["/description invalid-text", "/eventTypes out-of-range", "/secret unknown-member"]
        ),
        (
            #"{"url": "https://example.com/", "eventTypes": ["invoices.*", "a.b.c.v1"]}"#,
            ["/eventTypes unknown-event-type"]
        ),
        (#"{"url": "https://example.com/", "eventTypes": ["*."]}"#, ["/eventTypes unknown-event-type"]),
        (
            #"{"url": "https://example.com/", "eventTypes": ["invoices.invoice.paid.v9"]}"#,
            ["/eventTypes unknown-event-type"]
        ),
        (#"{"url": "https://example.com/", "eventTypes": [1]}"#, ["/eventTypes wrong-type"]),
    ])
    func `what is wrong is named, each at its place`(body: String, errors: [String]) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.post, "/webhooks", body: body)
            #expect(answer.status == 422)
            let found = answer.json["errors"].elements.map { "\($0["pointer"].string!) \($0["code"].string!)" }
            #expect(found == errors)
            #expect(!answer.text.contains("hunter2"))
            #expect(try await client.send(.get, "/webhooks").json["data"].elements.isEmpty)
        }
    }

    @Test(arguments: ["", #", "eventTypes": ["*"]"#, #", "eventTypes": ["*", "invoices.*"]"#])
    func `a webhook for all events receives those of invoices, and no notices of the service`(
        types: String
    ) async throws {
        let service = try TestService()
        try await service.test { client in
            let body = #"{"url": "https://example.com/"\#(types)}"#
            let created = try await client.send(.post, "/webhooks", body: body)
            #expect(created.json["webhook"]["eventTypes"].strings == ["invoices.*"])
            let webhook = try #require(try await service.webhooks.enabledWebhooks().first)
            #expect(webhook.filter.typePrefixes == [try EventTypePrefix("invoices.")] && webhook.filter.types == nil)
        }
    }

    @Test(arguments: [
        "\\u001b[31m", "a\\u0085b", "\\u009b", "\\u202e", "\\u2066", "\\u2028", String(repeating: "a", count: 257),
    ])
    func `a description with controls, or too long, is refused`(text: String) async throws {
        try await TestService().test { client in
            let created = try await client.send(
                .post, "/webhooks", body: #"{"url": "https://example.com/", "description": "\#(text)"}"#)
            #expect(created.status == 422 && created.json["errors"][0]["code"] == "invalid-text")
            let path = try await client.createdWebhook()
            let changed = try await client.send(.patch, path, body: #"{"description": "\#(text)"}"#)
            #expect(changed.status == 422 && changed.json["errors"][0]["code"] == "invalid-text")
        }
    }

    @Test func `what changes nothing is not written`() async throws {
        try await TestService().test { client in
            let path = try await client.createdWebhook()
            let before = try await client.send(.get, path)
            for body in ["{}", #"{"enabled": true, "description": null}"#, #"{"url": "https://example.com/hooks"}"#] {
                let answer = try await client.send(.patch, path, body: body)
                #expect(answer.status == 200 && answer.json == before.json)
                #expect(answer.headers[.eTag] == before.headers[.eTag])
            }
            let changed = try await client.send(.patch, path, body: #"{"enabled": false}"#)
            #expect(changed.taggedRevision == 1)
            let again = try await client.send(.patch, path, body: #"{"enabled": false}"#)
            #expect(again.taggedRevision == 1 && again.json == changed.json)
            #expect(try await client.send(.patch, path, headers: [.ifMatch: #""0""#], body: "{}").status == 412)
        }
    }

    @Test func `a webhook is deleted only at the revision that If-Match names`() async throws {
        try await TestService().test { client in
            let path = try await client.createdWebhook()
            _ = try await client.send(.patch, path, body: #"{"enabled": false}"#)
            let stale = try await client.send(.delete, path, headers: [.ifMatch: #""0""#])
            #expect(stale.status == 412 && stale.json["code"] == "webhook-changed" && stale.headers[.eTag] == #""1""#)
            #expect(try await client.send(.delete, path, headers: [.ifMatch: "1"]).status == 400)
            #expect(try await client.send(.get, path).status == 200)
            #expect(try await client.send(.delete, path, headers: [.ifMatch: #""0", "1""#]).status == 204)
            #expect(try await client.send(.delete, path, headers: [.ifMatch: #""1""#]).status == 404)
            let other = try await client.createdWebhook()
            #expect(try await client.send(.delete, other, headers: [.ifMatch: "*"]).status == 204)
        }
    }

    @Test func `a webhook is changed, disabled and enabled`() async throws {
        try await TestService().test { client in
            let path = try await client.createdWebhook()
            let disabled = try await client.send(
                .patch, path, headers: [.ifMatch: #""0""#], body: #"{"enabled": false, "description": "Ours"}"#)
            #expect(disabled.status == 200 && disabled.taggedRevision == 1)
            #expect(disabled.json["disabledReason"] == "it was disabled by a request")
            #expect(disabled.json["description"] == "Ours" && disabled.json["url"] == "https://example.com/hooks")
            let stale = try await client.send(.patch, path, headers: [.ifMatch: #""0""#], body: #"{"enabled": true}"#)
            #expect(stale.status == 412 && stale.json["code"] == "webhook-changed")
            #expect(stale.headers[.eTag] == #""1""#)
            let enabled = try await client.send(.patch, path, body: #"{"enabled": true, "description": null}"#)
            #expect(enabled.json["enabled"] == .bool(true) && enabled.json["disabledAt"] == .null)
            #expect(enabled.json["description"] == "Ours" && enabled.json["revision"] == 2)
        }
    }

    @Test func `a secret is rotated, and the one before is good for a while`() async throws {
        let service = try TestService()
        try await service.test { client in
            let body = #"{"url": "https://example.com/hooks"}"#
            let created = try await client.send(.post, "/webhooks", body: body)
            let path = try #require(created.headers[.location])
            let rotated = try await client.send(.post, path + "/rotate-secret")
            #expect(rotated.status == 200 && rotated.json["secret"] != created.json["secret"])
            #expect(rotated.json["webhook"]["previousSecretExpiresAt"] != .null)
            service.clock.advance(by: 86_401)
            #expect(try await client.send(.get, path).json["previousSecretExpiresAt"] == .null)
            let atOnce = try await client.send(
                .post, path + "/rotate-secret", body: #"{"previousValidForSeconds": 0}"#)
            #expect(atOnce.json["webhook"]["previousSecretExpiresAt"] == .null)
            let wrong = try await client.send(
                .post, path + "/rotate-secret", body: #"{"previousValidForSeconds": 604801}"#)
            #expect(wrong.status == 422)
        }
    }

    @Test func `a test is sent, and is among the deliveries`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdWebhook()
            let delivered = try await client.send(.post, path + "/test")
            #expect(delivered.status == 200 && delivered.json["delivered"] == .bool(true))
            service.receiver.answer(.failed(reason: "no answer within 15 seconds", status: nil))
            let failed = try await client.send(.post, path + "/test")
            #expect(failed.status == 200 && failed.json["failure"] == "no answer within 15 seconds")
            let first = try await client.send(.get, path + "/deliveries?limit=1")
            let cursor = try #require(first.json["nextCursor"].string)
            let second = try await client.send(.get, path + "/deliveries?limit=1&cursor=\(cursor)")
            let all = first.json["data"].elements + second.json["data"].elements
            #expect(Set(all) == [delivered.json, failed.json] && second.json["nextCursor"] == .null)
            #expect(try await client.send(.get, path + "/deliveries?cursor=x").status == 400)
            // The cursor of one list is none of the other.
            #expect(try await client.send(.get, "/webhooks?cursor=\(cursor)").status == 400)
        }
    }

    @Test func `events are replayed from a position, from a time, or one of them`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdWebhook()
            _ = try await client.createInvoice()
            let event = try #require(try await service.store.base.readLog(after: .start, .forwards, limit: 1).first)
            func replay(_ body: String) async throws -> Answer {
                try await client.send(.post, path + "/replay", body: body)
            }
            #expect(try await replay(#"{"afterPosition": 0}"#).json["position"] == 1)
            let end = try await service.store.base.head().rawValue + 1
            for position in ["9223372036854775807", "9223372036854775806", "1000"] {
                let answer = try await replay(#"{"afterPosition": \#(position)}"#)
                #expect(answer.status == 202 && answer.json["position"] == .integer(end))
            }
            #expect(try await replay(#"{"since": "2020-01-01T00:00:00Z"}"#).json["position"] == 1)
            let one = try await replay(#"{"eventId": "\#(event.id.text)"}"#)
            #expect(one.status == 202 && one.json["position"] == 1)
            let unknown = try await replay(#"{"eventId": "0190a1b2-0000-7000-8000-000000000009"}"#)
            #expect(unknown.status == 422 && unknown.json["errors"][0]["code"] == "unknown-event")
            for body in [#"{}"#, #"{"afterPosition": 0, "since": "2020-01-01T00:00:00Z"}"#, #"{"afterPosition": -1}"#] {
                #expect(try await replay(body).status == 422)
            }
            #expect(try await client.send(.post, path + "/replay").status == 400)
        }
    }

    @Test func `what is deleted, or is another tenant's, is not there`() async throws {
        let service = try TestService()
        let other = try TestService(tenant: "globex", beside: service)
        try await service.test { client in
            let path = try await client.createdWebhook()
            try await other.test { stranger in
                let read = try await stranger.send(.get, path)
                let deleted = try await stranger.send(.delete, path)
                let list = try await stranger.send(.get, "/webhooks")
                #expect(read.json["code"] == "webhook-not-found" && deleted.status == 404)
                #expect(list.json["data"].elements.isEmpty)
            }
            #expect(try await client.send(.delete, path).status == 204)
            for (method, path) in [
                (HTTPRequest.Method.get, path), (.delete, path), (.get, path + "/deliveries"), (.post, path + "/test"),
                (.post, path + "/rotate-secret"),
            ] {
                #expect(try await client.send(method, path).status == 404, "\(method) \(path)")
            }
            #expect(try await client.send(.patch, path, body: "{}").status == 404)
            #expect(try await client.send(.post, path + "/replay", body: #"{"afterPosition": 0}"#).status == 404)
            #expect(try await client.send(.get, "/webhooks/x").status == 400)
        }
    }

    @Test func `webhooks are listed a page at a time, and there are only so many`() async throws {
        try await TestService().test { client in
            for _ in 0..<WebhookLimits.endpoints { _ = try await client.createdWebhook() }
            let full = try await client.send(.post, "/webhooks", body: #"{"url": "https://example.com/"}"#)
            #expect(full.status == 409 && full.json["code"] == "webhook-limit-reached")
            var (ids, cursor) = ([String](), "")
            while true {
                let page = try await client.send(.get, "/webhooks?limit=33" + cursor)
                ids += page.json["data"].elements.compactMap { $0["id"].string }
                guard let next = page.json["nextCursor"].string else { break }
                cursor = "&cursor=" + next
            }
            #expect(ids.count == 100 && Set(ids).count == 100)
        }
    }
}
