import Testing

@testable import LibPQ

struct `The circuit breaker` {
    private let start = ContinuousClock.now
    private let refused = PostgresError(.connection, "refused")

    @Test func `lets all connect as long as nothing fails`() {
        var breaker = CircuitBreaker(PostgresCircuitBreaker())
        let begun = (0..<5).map { _ in breaker.begin(at: start) }
        #expect(begun == [true, true, true, true, true])
        #expect(breaker.state == .closed)
        #expect(breaker.refusal(at: start) == nil)
        #expect(breaker.nextDeadline == nil)
    }

    @Test(arguments: zip(1...9, [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]))
    func `waits longer after each failure, up to five seconds`(failures: Int, longest: Int) {
        for (jitter, delay) in [(1.0, longest), (0.0, longest / 2)] {
            var breaker = CircuitBreaker(PostgresCircuitBreaker(failureThreshold: 100))
            let end = fail(&breaker, times: failures, jitter: jitter)
            #expect(breaker.nextDeadline == end + .milliseconds(delay))
            let attempts = [delay - 1, delay, delay].map { breaker.begin(at: end + .milliseconds($0)) }
            #expect(attempts == [false, true, false], "one at a time")
            #expect(breaker.state == .closed)
        }
    }

    @Test func `counts attempts that ran together as one`() {
        var breaker = CircuitBreaker(PostgresCircuitBreaker(failureThreshold: 2))
        for _ in 0..<5 { _ = breaker.begin(at: start) }
        let opened = (0..<5).map { _ in breaker.failed(refused, isFinal: false, at: start, jitter: 1) }
        #expect(opened == [false, false, false, false, false])
        #expect(breaker.state == .closed)
    }

    @Test func `opens after so many failures in a row, and says why and until when`() throws {
        var breaker = CircuitBreaker(PostgresCircuitBreaker(failureThreshold: 3, probeInterval: .seconds(4)))
        fail(&breaker, times: 2)
        #expect(breaker.refusal(at: start) == nil)
        var other = breaker
        let end = fail(&breaker, times: 1, from: start + .seconds(1))
        #expect(breaker.state == .open)
        let refusal = try #require(breaker.refusal(at: end + .seconds(1)))
        #expect(refusal.code == .connection)
        #expect(refusal.message == "refused (the circuit breaker is open; the next attempt is in 3000 ms)")

        _ = other.begin(at: start + .seconds(1))
        other.succeeded()
        fail(&other, times: 2, from: start + .seconds(2))
        #expect(other.state == .closed, "a success in between restarts the count")
    }

    @Test func `probes once, and closes or stays open`() {
        var breaker = CircuitBreaker(PostgresCircuitBreaker(failureThreshold: 1, probeInterval: .seconds(4)))
        let end = fail(&breaker, times: 1)
        let probes = [3, 4, 5].map { breaker.begin(at: end + .seconds($0)) }
        #expect(probes == [false, true, false])
        #expect(breaker.state == .halfOpen)
        #expect(
            breaker.refusal(at: end)?.message == "refused (the circuit breaker is open; another attempt is under way)")

        let opensAgain = breaker.failed(refused, isFinal: false, at: end + .seconds(6), jitter: 1)
        #expect(!opensAgain, "it was open already")
        #expect(breaker.state == .open)
        #expect(breaker.nextDeadline == end + .seconds(10))

        let probe = breaker.begin(at: end + .seconds(10))
        #expect(probe)
        breaker.succeeded()
        #expect(breaker.state == .closed)
        #expect(breaker.refusal(at: end) == nil)
        let all = (0..<3).map { _ in breaker.begin(at: end) }
        #expect(all == [true, true, true])
    }

    @Test func `opens when a request has timed out, if attempts have failed`() {
        var breaker = CircuitBreaker(PostgresCircuitBreaker())
        let early = breaker.requestTimedOut()
        #expect(!early)
        fail(&breaker, times: 1)
        let opened = [breaker.requestTimedOut(), breaker.requestTimedOut()]
        #expect(opened == [true, false])
        #expect(breaker.state == .open)
    }

    @Test func `refuses at once what is of no use to try again`() {
        var breaker = CircuitBreaker(PostgresCircuitBreaker())
        _ = breaker.begin(at: start)
        _ = breaker.failed(refused, isFinal: true, at: start, jitter: 1)
        #expect(breaker.refusal(at: start)?.message == "refused")
        #expect(breaker.hasPermanentFailure)
        #expect(breaker.state == .closed)
    }

    /// Fails attempts, each as soon as it may be made: when the last of them failed.
    @discardableResult
    private func fail(
        _ breaker: inout CircuitBreaker, times: Int, jitter: Double = 1, from begin: ContinuousClock.Instant? = nil
    ) -> ContinuousClock.Instant {
        var now = begin ?? start
        for _ in 0..<times {
            now = max(now, breaker.nextDeadline ?? now)
            let mayBegin = breaker.begin(at: now)
            #expect(mayBegin)
            _ = breaker.failed(refused, isFinal: false, at: now, jitter: jitter)
        }
        return now
    }
}
