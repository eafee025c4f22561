import EventSourcing
import Foundation
import Testing

@testable import Webhooks

@Suite struct WebhookPartsTests {
    @Test func `a signature is the one of the specification`() throws {
        // The example of Standard Webhooks and of its libraries.
        let secret = try #require(WebhookSecret(text: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let signature = StandardWebhooks.signature(
            of: body, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, by: [secret])
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        let both = StandardWebhooks.signature(
            of: body, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, by: [.random(), secret])
        #expect(both.split(separator: " ").count == 2 && both.hasSuffix(signature))
    }

    @Test(arguments: [
        ("120", 120), ("0", 0), ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sun, 06 Nov 1994 08:48:37 GMT", 0),
        ("4294967296", 86_400), ("99999999999999999999999999", 86_400), ("Sun, 06 Nov 1999 08:50:37 GMT", 86_400),
    ])
    func `Retry-After is seconds or a time`(text: String, seconds: Int) {
        #expect(RetryAfter.duration(text, at: Date(timeIntervalSince1970: 784_111_777)) == .seconds(seconds))
    }

    @Test(arguments: ["", "-1", "soon", "1.5", "Sun, 06 Nov 1994", "Sun, 06 Xyz 1994 08:49:37 GMT"])
    func `anything else is no Retry-After`(text: String) {
        #expect(RetryAfter.duration(text, at: Date()) == nil)
    }

    @Test func `an assignment takes nothing in that was read earlier, and ends once`() throws {
        let fixture = try WebhookFixture()
        let first = try fixture.endpoint(at: "http://127.0.0.1/")
        let second = first.stored(revision: Revision(1), failingSince: nil)
        let assignment = WebhookAssignment(first)
        assignment.update(second)
        assignment.update(first)
        #expect(assignment.endpoint == second)
        assignment.update(nil)
        assignment.update(second)
        #expect(assignment.endpoint == nil)
    }

    @Test func `a breaker opens after failures in a row, and its pauses double`() {
        let now = Duration.seconds(7)
        var breaker = WebhookBreaker(threshold: 3, pauses: .seconds(10) ... .seconds(25))
        breaker.fail(at: now)
        breaker.fail(at: now)
        #expect(breaker.allowance(at: now) == .any)
        breaker.fail(at: now)
        #expect(breaker.allowance(at: now) == .none(until: now + .seconds(10)))
        #expect(breaker.allowance(at: now + .seconds(10)) == .probe)
        breaker.fail(at: now + .seconds(10))
        #expect(breaker.allowance(at: now + .seconds(10)) == .none(until: now + .seconds(30)))
        breaker.fail(at: now + .seconds(30))
        #expect(breaker.allowance(at: now + .seconds(30)) == .none(until: now + .seconds(55)))
        breaker.succeed()
        #expect(breaker.allowance(at: now + .seconds(30)) == .any)
        breaker.pause(until: now + .seconds(60))
        #expect(breaker.allowance(at: now + .seconds(59)) == .none(until: now + .seconds(60)))
        #expect(breaker.allowance(at: now + .seconds(60)) == .any)
    }

    @Test func `the pauses add up to more than the time after which an endpoint is dead`() throws {
        let configuration = WebhookConfiguration(source: "https://acme.example/")
        let shortest = configuration.retryDelays.reduce(.zero, +) * 0.9
        #expect(shortest > configuration.deadAfter)
        #expect(configuration.retryDelays == configuration.retryDelays.sorted())
        var generator = SystemRandomNumberGenerator()
        let delay = configuration.delay(afterAttempt: 1, using: &generator)
        #expect(delay >= .seconds(4.5) && delay <= .seconds(5))
        #expect(configuration.delay(afterAttempt: 99, using: &generator) <= .seconds(43_200))
        _ = try Subscription(
            SubscriptionID("webhook.x"), on: .log(.all), settings: configuration.subscriptionSettings)
    }
}
