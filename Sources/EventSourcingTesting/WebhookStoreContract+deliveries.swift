import EventSourcing
import FoundationEssentials
import Testing

extension WebhookStoreContract {
    static let deliveries: [Clause] = [
        Clause(promise: "deliveries are listed from the latest, behind one of them") { fixture in
            let endpoint = try await fixture.created()
            let stored = [
                fixture.delivery(of: endpoint, after: 1, .failed(reason: "no answer", status: nil)),
                fixture.delivery(of: endpoint, after: 2, .failed(reason: "500", status: 500)),
                fixture.delivery(of: endpoint, after: 3, isTest: true, .delivered(status: 204)),
            ]
            try await fixture.webhooks.record(stored, of: endpoint.id)
            try await fixture.webhooks.record(stored, of: endpoint.id)
            func page(before id: UUID?, _ limit: Int) async throws -> [WebhookDelivery] {
                try await fixture.webhooks.deliveries(
                    of: endpoint.id, tenant: fixture.tenant, before: id, limit: limit)
            }
            #expect(try await page(before: nil, 2) == [stored[2], stored[1]])
            #expect(try await page(before: stored[1].id, 2) == [stored[0]])
            await #expect(throws: WebhookNotFound(endpoint.id)) {
                try await fixture.webhooks.deliveries(
                    of: endpoint.id, tenant: fixture.otherTenant, before: nil, limit: 9)
            }
        },
        Clause(promise: "deliveries that are too old are deleted") { fixture in
            let endpoint = try await fixture.created()
            let old = fixture.delivery(
                of: endpoint, after: -WebhookLimits.deliveryAge - 60, .delivered(status: 200))
            let young = fixture.delivery(of: endpoint, after: 0, .delivered(status: 200))
            try await fixture.webhooks.record([old], of: endpoint.id)
            try await fixture.webhooks.record([young], of: endpoint.id)
            #expect(
                try await fixture.webhooks.deliveries(
                    of: endpoint.id, tenant: fixture.tenant, before: nil, limit: 9) == [young])
        },
        Clause(promise: "it fails since the first failure behind the last success; tests do not count") { fixture in
            let endpoint = try await fixture.created()
            let failure = WebhookDelivery.Outcome.failed(reason: "500", status: 500)
            func record(_ deliveries: WebhookDelivery...) async throws -> Date? {
                let since = try await fixture.webhooks.record(deliveries, of: endpoint.id)
                let stored = try await fixture.webhooks.webhook(endpoint.id, of: fixture.tenant)
                #expect(stored?.failingSince == since && stored?.revision == .first)
                return since
            }
            let start = fixture.now
            #expect(try await record(fixture.delivery(of: endpoint, after: 1, failure)) == start + 1)
            #expect(try await record(fixture.delivery(of: endpoint, after: 2, failure)) == start + 1)
            let test = fixture.delivery(of: endpoint, after: 3, isTest: true, .delivered(status: 200))
            #expect(try await record(test) == start + 1)
            let success = fixture.delivery(of: endpoint, after: 4, .delivered(status: 200))
            let behind = fixture.delivery(of: endpoint, after: 5, failure)
            #expect(try await record(fixture.delivery(of: endpoint, after: 3.5, failure), behind, success) == start + 5)
            #expect(try await record(fixture.delivery(of: endpoint, after: 6, .delivered(status: 200))) == nil)
            #expect(try await record(fixture.delivery(of: endpoint, after: 7, isTest: true, failure)) == nil)
        },
        Clause(promise: "when it works again after long, what waits for another attempt is due") { fixture in
            let endpoint = try await fixture.created()
            try await fixture.append("happened")
            let taken = try await fixture.exchange(endpoint)
            try await fixture.exchange(
                endpoint, taken.map { $0.settled(.retry(after: .seconds(7_200), reason: "r")) }, limit: 0)
            func record(after seconds: TimeInterval, _ outcome: WebhookDelivery.Outcome) async throws {
                try await fixture.webhooks.record(
                    [fixture.delivery(of: endpoint, after: seconds, outcome)], of: endpoint.id)
            }
            try await record(after: 0, .failed(reason: "500", status: 500))
            try await record(after: WebhookLimits.recoveryAge - 1, .delivered(status: 200))
            #expect(try await fixture.exchange(endpoint).isEmpty)
            try await record(after: 1_000, .failed(reason: "500", status: 500))
            try await record(after: 1_000 + WebhookLimits.recoveryAge, .delivered(status: 200))
            #expect(try await fixture.exchange(endpoint).map(\.attempt) == [2])
        },
        Clause(promise: "enabling it again forgets since when it has failed") { fixture in
            var endpoint = try await fixture.created()
            try await fixture.webhooks.record(
                [fixture.delivery(of: endpoint, after: 1, .failed(reason: "500", status: 500))], of: endpoint.id)
            endpoint.disable(because: "it is dead", at: fixture.now)
            endpoint = try await fixture.webhooks.save(endpoint)
            #expect(endpoint.failingSince == fixture.now + 1)
            endpoint.enable()
            #expect(try await fixture.webhooks.save(endpoint).failingSince == nil)
        },
    ]

    static let replays: [Clause] = [
        Clause(promise: "everything behind a position comes again, and what waits comes once") { fixture in
            let endpoint = try await fixture.created()
            let first = try await fixture.append("happened")
            try await fixture.append("happened")
            try await fixture.append("happened", to: "b")
            #expect(try await fixture.take(endpoint).count == 3)
            try await fixture.append("happened", to: "b")
            #expect(try await fixture.exchange(endpoint).map(\.event.name) == ["b1"])
            let position = try await fixture.webhooks.replay(
                .after(first.position), to: endpoint.id, of: fixture.tenant)
            #expect(position == first.position)
            #expect(try await fixture.take(endpoint) == ["happened a1", "happened b0", "happened b1"])
            #expect(try await fixture.take(endpoint) == [])
        },
        Clause(promise: "behind a position that the log has not reached nothing comes again") { fixture in
            let endpoint = try await fixture.created()
            let event = try await fixture.append("happened")
            #expect(try await fixture.take(endpoint).count == 1)
            for position in [Position(.max), Position(.max - 1)] {
                let end = try await fixture.webhooks.replay(.after(position), to: endpoint.id, of: fixture.tenant)
                #expect(end >= event.position && end < Position(.max - 1))
            }
            #expect(try await fixture.take(endpoint) == [])
            try await fixture.append("happened", to: "b")
            #expect(try await fixture.take(endpoint) == ["happened b0"])
        },
        Clause(promise: "everything that was recorded after a time comes again") { fixture in
            let endpoint = try await fixture.created()
            try await fixture.append("happened")
            #expect(try await fixture.take(endpoint).count == 1)
            _ = try await fixture.webhooks.replay(
                .since(Date(timeIntervalSince1970: 0)), to: endpoint.id, of: fixture.tenant)
            #expect(try await fixture.take(endpoint) == ["happened a0"])
            _ = try await fixture.webhooks.replay(
                .since(Date().addingTimeInterval(3_600)), to: endpoint.id, of: fixture.tenant)
            #expect(try await fixture.take(endpoint) == [])
        },
        Clause(promise: "one event comes again, also when it was parked") { fixture in
            let endpoint = try await fixture.created()
            let first = try await fixture.append("happened")
            try await fixture.append("happened")
            let taken = try await fixture.exchange(endpoint)
            try await fixture.exchange(
                endpoint, [taken[0].settled(.acknowledge), taken[1].settled(.park(reason: "r"))], limit: 0)
            #expect(try await fixture.take(endpoint) == [])
            for event in [first.id, taken[1].event.id] {
                _ = try await fixture.webhooks.replay(.event(event), to: endpoint.id, of: fixture.tenant)
            }
            #expect(try await fixture.take(endpoint) == ["happened a0", "happened a1"])
        },
        Clause(promise: "an event that it does not receive is none to be replayed") { fixture in
            let endpoint = try await fixture.created(types: ["contract.thing.ended.v1"])
            let event = try await fixture.append("happened")
            for id in [event.id, UUID.v7()] {
                await #expect(throws: WebhookEventNotFound(id)) {
                    try await fixture.webhooks.replay(.event(id), to: endpoint.id, of: fixture.tenant)
                }
            }
            await #expect(throws: WebhookNotFound(endpoint.id)) {
                try await fixture.webhooks.replay(.after(.start), to: endpoint.id, of: fixture.otherTenant)
            }
        },
    ]
}
