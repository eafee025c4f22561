import EventSourcing
import EventSourcingTesting
import Foundation
import Logging
import NIOHTTP1
import Synchronization
import Testing
import WebhookTesting

@testable import Webhooks

/// Relays and a real receiver that does not do what one hopes for.
@Suite(.timeLimit(.minutes(2))) struct WebhookRelayTests {
    @Test func `events arrive as CloudEvents, those of a stream in their order`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            try await fixture.append("a")
            let endpoint = try await fixture.created(receiver, path: "/hooks?x=1")
            let ids = try await fixture.append("a", "b", "a", "b", "c", "a")
            try await fixture.relaying {
                try await eventually("six requests") { receiver.requests.count == 6 }
            }
            let requests = receiver.requests
            #expect(Set(requests.map(\.id)) == Set(ids))
            for stream in [[0, 2, 5], [1, 3], [4]] {
                let arrived = requests.map(\.id).filter { id in stream.contains { ids[$0] == id } }
                #expect(arrived == stream.map { ids[$0] })
            }
            let first = try #require(requests.first { $0.id == ids[0] })
            #expect(first.uri == "/hooks?x=1")
            #expect(first.headers["content-type"] == ["application/cloudevents+json"])
            #expect(first.headers["host"] == ["127.0.0.1:\(receiver.port)"])
            let json = try #require(try JSONSerialization.jsonObject(with: Data(first.body)) as? [String: Any])
            #expect(json["id"] as? String == ids[0] && json["specversion"] as? String == "1.0")
            #expect(json["source"] as? String == "https://acme.example/invoices")
            #expect(json["type"] as? String == "tests.thing.happened.v1")
            #expect((json["data"] as? [String: String]) == ["text": "äöü"])
            let deliveries = try await fixture.deliveries(of: endpoint)
            #expect(deliveries.count == 6 && deliveries.allSatisfy { $0.outcome == .delivered(status: 200) })
            #expect(try await fixture.info(endpoint).settled == 6)
        }
    }

    @Test func `an endpoint gets the types that it wants`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            _ = try await fixture.created(receiver, types: ["tests.thing.ended.v1"])
            try await fixture.append("a", "b")
            let wanted = try await fixture.append("a", "b", action: "ended")
            try await fixture.relaying {
                try await eventually("two requests") { receiver.requests.count == 2 }
            }
            #expect(Set(receiver.requests.map(\.id)) == Set(wanted))
        }
    }

    @Test func `what fails comes again until it succeeds, and its stream waits for it`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving(.answer(500, body: "out of\norder")) { receiver in
            let endpoint = try await fixture.created(receiver)
            let ids = try await fixture.append("a", "a", "a")
            try await fixture.relaying {
                try await eventually("three attempts") { receiver.requests.count >= 3 }
                #expect(Set(receiver.requests.map(\.id)) == [ids[0]])
                receiver.behave(.answer(204))
                try await eventually("all settled") { try await fixture.info(endpoint).settled == 3 }
            }
            let deliveries = try await fixture.deliveries(of: endpoint)
            let failed = deliveries.filter { !$0.isDelivered }
            #expect(failed.count >= 3 && failed.map(\.attempt) == Array(1...failed.count))
            #expect(failed[0].outcome == .failed(reason: "500: out of order", status: 500))
            #expect(deliveries.filter(\.isDelivered).sorted { $0.at < $1.at }.map(\.event.text) == ids)
            #expect(try await fixture.stored(endpoint).failingSince == nil)
        }
    }

    static let failures: [(Receiver.Behaviour, String, Int?)] = [
        (.hang, "no answer within 0.5 seconds", nil), (.slow(.seconds(2)), "no answer within 0.5 seconds", nil),
        (.close, "the connection was closed before there was an answer", nil),
        (.answer(302, ["location": "http://169.254.169.254/"]), "302: redirects are not followed", 302),
        (.answer(307, ["location": "/elsewhere"]), "307: redirects are not followed", 307), (.answer(404), "404", 404),
        (.answer(400, body: String(repeating: "x", count: 5_000)), "400: xxx", 400),
        (.hangInBody(503), "503: wait", 503),
    ]

    @Test(arguments: failures.indices)
    func `whatever it does instead of an answer, it gets the event when it is well`(_ index: Int) async throws {
        let (behaviour, reason, status) = Self.failures[index]
        let fixture = try WebhookFixture()
        try await Receiver.serving(behaviour) { receiver in
            let endpoint = try await fixture.created(receiver)
            let ids = try await fixture.append("a")
            try await fixture.relaying {
                try await eventually("a failure") { try await !fixture.deliveries(of: endpoint).isEmpty }
                receiver.behave(.answer(200))
                try await eventually("settled") { try await fixture.info(endpoint).settled == 1 }
            }
            let first = try #require(try await fixture.deliveries(of: endpoint).first)
            #expect(first.failure?.hasPrefix(reason) == true, "\(first.failure ?? "")")
            #expect(first.status == status && (first.failure?.count ?? 0) < 300)
            #expect(Set(receiver.requests.map(\.id)) == Set(ids))
            #expect(receiver.requests.allSatisfy { $0.uri == "/" })
        }
    }

    @Test(arguments: [Receiver.Behaviour.large(2 << 20), .hangInBody(200)])
    func `an answer is read up to a bound, and its status is what counts`(_ behaviour: Receiver.Behaviour) async throws
    {
        let fixture = try WebhookFixture()
        try await Receiver.serving(behaviour) { receiver in
            let endpoint = try await fixture.created(receiver)
            let ids = try await fixture.append("a", "a")
            try await fixture.relaying {
                try await eventually("settled") { try await fixture.info(endpoint).settled == 2 }
            }
            #expect(receiver.requests.map(\.id) == ids)
        }
    }

    @Test func `an endpoint that is not there, then is, gets what it has missed`() async throws {
        let fixture = try WebhookFixture()
        let port = try await Receiver.serving { $0.port }
        let endpoint = try fixture.endpoint(at: "http://127.0.0.1:\(port)/")
        try await fixture.webhooks.create(endpoint)
        let ids = try await fixture.append("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
        try await fixture.relaying {
            try await eventually("failures") { try await fixture.deliveries(of: endpoint).count >= 8 }
            try await Receiver.serving(port: port) { receiver in
                try await eventually("settled") { try await fixture.info(endpoint).settled == 10 }
                #expect(Set(receiver.requests.map(\.id)) == Set(ids))
            }
        }
    }

    @Test func `after some failures in a row one message at a time is tried, and the others keep their attempts`()
        async throws
    {
        let fixture = try WebhookFixture()
        try await Receiver.serving(.answer(500)) { receiver in
            let endpoint = try await fixture.created(receiver)
            for index in 0..<30 { try await fixture.append("s\(index)") }
            try await fixture.relaying { configuration in
                configuration.breakerThreshold = 3
                configuration.breakerPauses = .seconds(60) ... .seconds(60)
                configuration.concurrency = 2
            } _: {
                try await eventually("the breaker opens") { try await fixture.deliveries(of: endpoint).count >= 3 }
                try await Task.sleep(for: .milliseconds(200))
            }
            // Two at a time: the one beside the third failure was under way.
            #expect((3...4).contains(receiver.requests.count))
            let info = try await fixture.info(endpoint)
            #expect(info.parked == 0 && info.inFlight == 0)
        }
    }

    @Test func `one that is gone is disabled at once, and goes on where it was when it is enabled`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving(.answer(410)) { receiver in
            let endpoint = try await fixture.created(receiver)
            let ids = try await fixture.append("a", "a")
            try await fixture.relaying {
                try await eventually("disabled") { try await !fixture.stored(endpoint).isEnabled }
                #expect(receiver.requests.count == 1)
                receiver.behave(.answer(200))
                var changed = try await fixture.stored(endpoint)
                guard case .disabled(let reason, _) = changed.status else { return }
                #expect(reason == "the endpoint answered 410: it is gone")
                changed.enable()
                _ = try await fixture.webhooks.save(changed)
                try await eventually("settled") { try await fixture.info(endpoint).settled == 2 }
            }
            #expect(receiver.requests.map(\.id) == [ids[0]] + ids)
            #expect(try await fixture.deliveries(of: endpoint).map(\.attempt) == [1, 1, 1])
        }
    }

    @Test func `one that stays dead is disabled with the reason, and keeps its messages`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving(.answer(502)) { receiver in
            let endpoint = try await fixture.created(receiver)
            try await fixture.append("a", "a", "b")
            try await fixture.relaying {
                try await eventually("a failure") { try await fixture.stored(endpoint).failingSince != nil }
                #expect(try await fixture.stored(endpoint).isEnabled)
                fixture.clock.advance(by: 3 * 86_400 + 1)
                try await eventually("disabled") { try await !fixture.stored(endpoint).isEnabled }
            }
            guard case .disabled(let reason, _) = try await fixture.stored(endpoint).status else { return }
            #expect(reason.hasPrefix("nothing could be delivered since ") && reason.hasSuffix("the last time: 502"))
            let info = try await fixture.info(endpoint)
            #expect(info.stopped?.reason == reason && info.parked == 0 && info.settled == 0)
            #expect(info.waiting + info.retrying == 3)
        }
    }

    @Test func `a dead one is tried for three days with the pauses of the default, and no longer`() async throws {
        let clock = ManualClock()
        let fixture = try WebhookFixture(now: { clock.date })
        try await Receiver.serving(.answer(502)) { receiver in
            let endpoint = try await fixture.created(receiver)
            try await fixture.append("a")
            let defaults = WebhookConfiguration(source: "tests")
            try await fixture.relaying { configuration in
                configuration.clock = clock.time
                configuration.retryDelays = defaults.retryDelays
                configuration.breakerPauses = defaults.breakerPauses
                // Both the relay of the endpoint and the one who looks for endpoints sleep as long, again and again.
                configuration.pollInterval = .seconds(1_800)
            } _: {
                try await clock.advance(sleepers: 2) { try await !fixture.stored(endpoint).isEnabled }
            }
            let deliveries = try await fixture.deliveries(of: endpoint)
            let pauses = zip(deliveries, deliveries.dropFirst()).map { $1.at.timeIntervalSince($0.at) }
            #expect(deliveries.map(\.attempt) == Array(1...deliveries.count))
            for (pause, least) in zip(pauses, defaults.retryDelays) { #expect(pause >= least / .seconds(1) * 0.9) }
            let tried = try #require(deliveries.last).at.timeIntervalSince(try #require(deliveries.first).at)
            #expect(tried >= 3 * 86_400 && tried < 4 * 86_400)
        }
    }

    @Test(arguments: [429, 503])
    func `one that asks for a pause is left alone for it`(_ status: Int) async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving(.answer(status, ["retry-after": "1"])) { receiver in
            let endpoint = try await fixture.created(receiver)
            try await fixture.append("a")
            let clock = ContinuousClock()
            try await fixture.relaying {
                try await eventually("a failure") { try await !fixture.deliveries(of: endpoint).isEmpty }
                let asked = clock.now
                receiver.behave(.answer(200))
                try await fixture.append("b")
                try await eventually("settled") { try await fixture.info(endpoint).settled == 2 }
                #expect(clock.now - asked > .milliseconds(800))
            }
            #expect(receiver.requests.count == 3)
        }
    }

    @Test func `one endpoint that hangs holds up no other`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving(.hang) { hanging in
            try await Receiver.serving { well in
                _ = try await fixture.created(hanging)
                let endpoint = try await fixture.created(well)
                try await fixture.append("a", "b", "c")
                try await fixture.relaying {
                    try await eventually("settled") { try await fixture.info(endpoint).settled == 3 }
                }
                #expect(well.requests.count == 3)
            }
        }
    }

    @Test func `several processes share the work, and keep the order of each stream`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            let endpoint = try await fixture.created(receiver)
            let fails = FailureCounter()
            receiver.behave { _ in fails.next() ? .answer(500) : .answer(200) }
            var ids: [String: [String]] = [:]
            for index in 0..<60 { ids["s\(index % 6)", default: []] += try await fixture.append("s\(index % 6)") }
            try await fixture.relaying(processes: 3) {
                $0.breakerThreshold = 1_000
            } _: {
                try await eventually("settled") { try await fixture.info(endpoint).settled == 60 }
            }
            let delivered = try await fixture.deliveries(of: endpoint).filter(\.isDelivered).sorted { $0.at < $1.at }
            for (stream, expected) in ids {
                #expect(delivered.map(\.event.text).filter(expected.contains) == expected, "\(stream)")
            }
        }
    }

    @Test func `a replay sends everything behind a position again`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            let endpoint = try await fixture.created(receiver)
            let ids = try await fixture.append("a", "a", "b")
            try await fixture.relaying {
                try await eventually("settled") { try await fixture.info(endpoint).settled == 3 }
                _ = try await fixture.webhooks.replay(.after(Position(1)), to: endpoint.id, of: fixture.tenant)
                try await eventually("settled again") { try await fixture.info(endpoint).settled == 5 }
            }
            #expect(receiver.requests.map(\.id).filter { $0 == ids[0] }.count == 1)
            #expect(receiver.requests.map(\.id).filter { $0 == ids[2] }.count == 2)
        }
    }

    @Test func `a name that is not found at first, then has an address that is not there, is reached by the next`()
        async throws
    {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            let endpoint = try fixture.endpoint(at: "http://receiver.example:\(receiver.port)/")
            try await fixture.webhooks.create(endpoint)
            for index in 0..<20 { try await fixture.append("s\(index)") }
            let lookups = Mutex(0)
            try await fixture.relaying { configuration in
                configuration.resolver = HostResolver { _ in
                    let count = lookups.withLock { count in
                        count += 1
                        return count
                    }
                    guard count > 2 else { return [] }
                    return [NetworkAddress(ipv4: "127.0.0.2")!, NetworkAddress(ipv4: "127.0.0.1")!]
                }
            } _: {
                try await eventually("settled") { try await fixture.info(endpoint).settled == 20 }
            }
            let failures = try await fixture.deliveries(of: endpoint).compactMap(\.failure)
            #expect(failures.filter { $0 == Self.notFound }.count == 2)
            #expect(Set(receiver.requests.map(\.id)).count == 20)
        }
    }

    private static let notFound = "the host receiver.example cannot be found: it has no address"

    @Test func `a changed address is used from then on`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { first in
            try await Receiver.serving { second in
                let endpoint = try await fixture.created(first)
                try await fixture.append("a")
                try await fixture.relaying {
                    try await eventually("settled") { try await fixture.info(endpoint).settled == 1 }
                    var changed = try await fixture.stored(endpoint)
                    changed.url = try WebhookURL("http://127.0.0.1:\(second.port)/other")
                    _ = try await fixture.webhooks.save(changed)
                    try await Task.sleep(for: .milliseconds(100))
                    try await fixture.append("a")
                    try await eventually("settled") { try await fixture.info(endpoint).settled == 2 }
                }
                #expect(first.requests.count == 1)
                #expect(second.requests.map(\.uri) == ["/other"])
            }
        }
    }

    @Test func `other types lose no event, however late the relay hears of them`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            let endpoint = try await fixture.created(receiver, types: ["tests.thing.happened.v1"])
            let first = try await fixture.append("a")
            try await fixture.relaying {
                $0.pollInterval = .seconds(3600)
            } _: {
                try await eventually("settled") { try await fixture.deliveries(of: endpoint).count == 1 }
                var changed = try await fixture.stored(endpoint)
                changed.types = .all
                _ = try await fixture.webhooks.save(changed)
                let ids = try await fixture.append("a", "b", "a", action: "ended")
                try await eventually("all settled") { try await fixture.info(endpoint).settled == 4 }
                #expect(Set(receiver.requests.map(\.id)) == Set(first + ids))
            }
        }
    }

    @Test func `what was drawn before the types were changed is left out`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            let endpoint = try await fixture.created(receiver)
            try await fixture.append("a")
            // Draws it, and hands it back.
            for limit in [1, 0] {
                _ = try await fixture.subscriptions.exchange(
                    SubscriptionExchange(consumer: "one", limit: limit, holding: []), in: endpoint.subscriptionID)
            }
            var changed = try await fixture.stored(endpoint)
            changed.types = try WebhookEventTypes(["tests.thing.ended.v1"])
            _ = try await fixture.webhooks.save(changed)
            let ids = try await fixture.append("a", action: "ended")
            try await fixture.relaying {
                try await eventually("settled") { try await fixture.info(endpoint).settled == 2 }
            }
            #expect(receiver.requests.map(\.id) == ids)
        }
    }

    @Test func `an answer of the address before disables no endpoint with another one`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { old in
            try await Receiver.serving { new in
                let endpoint = try await fixture.created(old)
                let changed = try WebhookURL("http://127.0.0.1:\(new.port)/")
                // The change is stored while the answer is under way, and the relay hears of it by no poll.
                old.behave(.slow(.seconds(2), 410))
                let ids = try await fixture.append("a")
                try await fixture.relaying {
                    $0.pollInterval = .seconds(3600)
                    $0.timeout = .seconds(20)
                } _: {
                    try await eventually("asked") { old.requests.count == 1 }
                    var stored = try await fixture.stored(endpoint)
                    stored.url = changed
                    _ = try await fixture.webhooks.save(stored)
                    try await eventually("settled") { try await fixture.info(endpoint).settled == 1 }
                }
                #expect(try await fixture.stored(endpoint).isEnabled)
                #expect(new.requests.map(\.id) == ids)
                #expect(try await fixture.deliveries(of: endpoint).map(\.attempt) == [1, 1])
            }
        }
    }

    @Test func `a pause that an address has asked for is not one of the next address`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving(.answer(503, ["retry-after": "99999999999"])) { old in
            try await Receiver.serving { new in
                let endpoint = try await fixture.created(old)
                let ids = try await fixture.append("a", "b")
                try await fixture.relaying {
                    try await eventually("a pause") {
                        let info = try await fixture.info(endpoint)
                        return info.retrying > 0 && info.inFlight == 0
                    }
                    var changed = try await fixture.stored(endpoint)
                    changed.url = try WebhookURL("http://127.0.0.1:\(new.port)/")
                    _ = try await fixture.webhooks.save(changed)
                    try await eventually("settled") { try await fixture.info(endpoint).settled == 2 }
                }
                #expect(Set(new.requests.map(\.id)) == Set(ids) && old.requests.count <= 2)
            }
        }
    }

    @Test func `a pause ends when the endpoint is disabled and enabled at once`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving(.answer(429, ["retry-after": "3600"])) { receiver in
            let endpoint = try await fixture.created(receiver)
            try await fixture.append("a")
            try await fixture.relaying {
                try await eventually("a pause") { try await fixture.info(endpoint).retrying == 1 }
                receiver.behave(.answer(200))
                var changed = try await fixture.stored(endpoint)
                changed.disable(because: "for a moment", at: fixture.clock.now)
                changed = try await fixture.webhooks.save(changed)
                changed.enable()
                _ = try await fixture.webhooks.save(changed)
                try await eventually("settled") { try await fixture.info(endpoint).settled == 1 }
            }
            #expect(receiver.requests.count == 2)
        }
    }

    @Test(arguments: [false, true])
    func `the relay of one that is deleted ends, and registers no subscription`(isRunning: Bool) async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            let endpoint = try await fixture.created(receiver)
            let relay = WebhookRelay(
                WebhookAssignment(endpoint), webhooks: fixture.webhooks, subscriptions: fixture.subscriptions,
                appended: fixture.events.appended, sender: WebhookSender(fixture.configuration),
                logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
            if !isRunning { try await fixture.webhooks.delete(endpoint.id, of: fixture.tenant) }
            try await withThrowingTaskGroup { group in
                group.addTask { await relay.run() }
                if isRunning {
                    try await fixture.append("a")
                    try await eventually("settled") { try await fixture.info(endpoint).settled == 1 }
                    try await fixture.webhooks.delete(endpoint.id, of: fixture.tenant)
                }
                // Nobody but the relay itself says that the endpoint is gone.
                try await group.waitForAll()
            }
            await #expect(throws: SubscriptionNotFound(endpoint.subscriptionID)) { try await fixture.info(endpoint) }
        }
    }
}

/// Lets every third request fail.
private final class FailureCounter: Sendable {
    private let count = Mutex(0)

    func next() -> Bool {
        count.withLock { count in
            count += 1
            return count % 3 == 0
        }
    }
}
