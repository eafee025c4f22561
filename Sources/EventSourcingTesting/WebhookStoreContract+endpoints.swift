import EventSourcing
import FoundationEssentials
import Testing

extension WebhookStoreContract {
    static let endpoints: [Clause] = [
        Clause(promise: "an endpoint is stored with all that it has, for its tenant alone") { fixture in
            var endpoint = try fixture.endpoint(types: ["contract.thing.happened.v1", "contract.other.*"])
            endpoint.rotate(to: .random(), keepingPreviousUntil: fixture.now.addingTimeInterval(60))
            try await fixture.webhooks.create(endpoint)
            #expect(try await fixture.webhooks.webhook(endpoint.id, of: fixture.tenant) == endpoint)
            #expect(try await fixture.webhooks.webhook(endpoint.id, of: fixture.otherTenant) == nil)
            #expect(try await fixture.webhooks.enabledWebhooks().contains(endpoint))
            await #expect(throws: WebhookChanged(endpoint.id, actual: .first)) {
                try await fixture.webhooks.create(endpoint)
            }
        },
        Clause(promise: "endpoints are listed in the order of their ids, from behind one of them") { fixture in
            var ids: [UUID] = []
            for second in 0..<3 {
                let endpoint = try fixture.endpoint(at: fixture.now + TimeInterval(second))
                try await fixture.webhooks.create(endpoint)
                ids.append(endpoint.id)
            }
            let webhooks = fixture.webhooks
            #expect(
                try await webhooks.webhooks(of: fixture.tenant, after: nil, limit: 2).map(\.id) == [ids[0], ids[1]])
            #expect(try await webhooks.webhooks(of: fixture.tenant, after: ids[1], limit: 2).map(\.id) == [ids[2]])
            #expect(try await webhooks.webhooks(of: fixture.otherTenant, after: nil, limit: 2).isEmpty)
        },
        Clause(promise: "a tenant has no more endpoints than the limit") { fixture in
            for _ in 0..<WebhookLimits.endpoints { try await fixture.webhooks.create(fixture.endpoint()) }
            await #expect(throws: WebhookLimitReached()) {
                try await fixture.webhooks.create(fixture.endpoint())
            }
            try await fixture.webhooks.create(fixture.endpoint(of: fixture.otherTenant))
        },
        Clause(promise: "a change is stored at the revision that it was made on, and at no other") { fixture in
            let endpoint = try await fixture.created()
            var changed = endpoint
            changed.url = try WebhookURL("https://example.com/others")
            changed.description = "Theirs"
            let stored = try await fixture.webhooks.save(changed)
            #expect(stored.revision == Revision(1) && stored.description == "Theirs" && stored.url == changed.url)
            #expect(try await fixture.webhooks.webhook(endpoint.id, of: fixture.tenant) == stored)
            await #expect(throws: WebhookChanged(endpoint.id, actual: Revision(1))) {
                try await fixture.webhooks.save(changed)
            }
            let unknown = try fixture.endpoint()
            await #expect(throws: WebhookNotFound(unknown.id)) { try await fixture.webhooks.save(unknown) }
        },
        Clause(promise: "it receives the events of its types that come after it was created") { fixture in
            try await fixture.append("happened")
            let endpoint = try await fixture.created(types: ["contract.thing.happened.v1", "contract.thing.end.*"])
            try await fixture.append("happened")
            try await fixture.append("ignored")
            try await fixture.append("ended", to: "b")
            #expect(try await fixture.take(endpoint) == ["happened a1"])
        },
        Clause(promise: "other types change what comes, and lose nothing that waits") { fixture in
            var endpoint = try await fixture.created(types: ["contract.thing.happened.v1"])
            try await fixture.append("happened")
            #expect(try await fixture.take(endpoint, acknowledging: false) == ["happened a0"])
            endpoint.types = try WebhookEventTypes(["contract.thing.ended.v1"])
            endpoint = try await fixture.webhooks.save(endpoint)
            try await fixture.append("happened", to: "b")
            try await fixture.append("ended", to: "b")
            #expect(try await fixture.take(endpoint) == ["ended b1"])
        },
        Clause(promise: "another URL is tried at once, and has not failed yet") { fixture in
            var endpoint = try await fixture.created()
            try await fixture.append("happened")
            let taken = try await fixture.exchange(endpoint)
            try await fixture.exchange(
                endpoint, taken.map { $0.settled(.retry(after: .seconds(600), reason: "r")) }, limit: 0)
            try await fixture.webhooks.record(
                [fixture.delivery(of: endpoint, after: 0, .failed(reason: "500", status: 500))], of: endpoint.id)
            endpoint.description = "Nothing else"
            endpoint = try await fixture.webhooks.save(endpoint)
            #expect(endpoint.failingSince == fixture.now)
            #expect(try await fixture.exchange(endpoint).isEmpty)
            endpoint.url = try WebhookURL("https://example.com/others")
            endpoint = try await fixture.webhooks.save(endpoint)
            #expect(endpoint.failingSince == nil)
            #expect(try await fixture.webhooks.webhook(endpoint.id, of: fixture.tenant) == endpoint)
            #expect(try await fixture.exchange(endpoint).map(\.attempt) == [2])
        },
        Clause(promise: "many events of a stream that is blocked hold up no other, also after settings that were small")
        {
            fixture in
            var endpoint = try await fixture.created()
            var settings = SubscriptionSettings()
            settings.bufferSize = 10
            try await fixture.subscriptions.register(endpoint.subscription(settings: settings))
            endpoint = try await fixture.webhooks.save(endpoint)
            try await fixture.append("happened")
            let taken = try await fixture.exchange(endpoint)
            try await fixture.exchange(
                endpoint, taken.map { $0.settled(.retry(after: .seconds(600), reason: "r")) }, limit: 0)
            for _ in 0..<1_100 { try await fixture.append("happened") }
            try await fixture.append("happened", to: "b")
            #expect(try await fixture.take(endpoint) == ["happened b0"])
        },
        Clause(promise: "while it is disabled events wait; enabled again, they come with all attempts") { fixture in
            var endpoint = try await fixture.created()
            try await fixture.append("happened")
            let taken = try await fixture.exchange(endpoint)
            try await fixture.exchange(
                endpoint, taken.map { $0.settled(.retry(after: .seconds(600), reason: "r")) }, limit: 0)
            endpoint.disable(because: "it is gone", at: fixture.now)
            endpoint = try await fixture.webhooks.save(endpoint)
            #expect(endpoint.status == .disabled(reason: "it is gone", since: fixture.now))
            #expect(try await fixture.webhooks.webhook(endpoint.id, of: fixture.tenant) == endpoint)
            #expect(try await !fixture.webhooks.enabledWebhooks().contains { $0.id == endpoint.id })
            try await fixture.append("happened", to: "b")
            #expect(try await fixture.take(endpoint) == [])
            endpoint.enable()
            endpoint = try await fixture.webhooks.save(endpoint)
            let again = try await fixture.exchange(endpoint)
            #expect(again.map(\.event.name) == ["a0", "b0"] && again.map(\.attempt) == [1, 1])
        },
        Clause(promise: "it is deleted only at the revision that is asked for") { fixture in
            var endpoint = try await fixture.created()
            endpoint.description = "Theirs"
            endpoint = try await fixture.webhooks.save(endpoint)
            await #expect(throws: WebhookChanged(endpoint.id, actual: Revision(1))) {
                try await fixture.webhooks.delete(endpoint.id, of: fixture.tenant, at: .first)
            }
            #expect(try await fixture.webhooks.webhook(endpoint.id, of: fixture.tenant) == endpoint)
            try await fixture.webhooks.delete(endpoint.id, of: fixture.tenant, at: endpoint.revision)
            await #expect(throws: WebhookNotFound(endpoint.id)) {
                try await fixture.webhooks.delete(endpoint.id, of: fixture.tenant, at: endpoint.revision)
            }
        },
        Clause(promise: "deleting it takes its subscription and its deliveries away") { fixture in
            let endpoint = try await fixture.created()
            try await fixture.webhooks.record(
                [fixture.delivery(of: endpoint, after: 0, .delivered(status: 200))], of: endpoint.id)
            await #expect(throws: WebhookNotFound(endpoint.id)) {
                try await fixture.webhooks.delete(endpoint.id, of: fixture.otherTenant)
            }
            try await fixture.webhooks.delete(endpoint.id, of: fixture.tenant)
            #expect(try await fixture.webhooks.webhook(endpoint.id, of: fixture.tenant) == nil)
            await #expect(throws: SubscriptionNotFound(endpoint.subscriptionID)) { try await fixture.take(endpoint) }
            await #expect(throws: WebhookNotFound(endpoint.id)) {
                try await fixture.webhooks.deliveries(of: endpoint.id, tenant: fixture.tenant, before: nil, limit: 9)
            }
            #expect(
                try await fixture.webhooks.record(
                    [fixture.delivery(of: endpoint, after: 0, .delivered(status: 200))], of: endpoint.id) == nil)
        },
    ]
}
