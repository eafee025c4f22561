import Testing

@testable import LibPQ

struct `The supply of connections` {
    private let now = ContinuousClock.now
    private let refused = PostgresError(.connection, "refused")

    @Test func `connects for demand only, and up to its limit`() {
        var supply = ConnectionSupply(limit: 2, patience: .seconds(5))
        #expect(supply.shouldConnect(demand: 0, at: now) == false)
        #expect(supply.shouldConnect(demand: 1, at: now) == true)
        #expect(supply.shouldConnect(demand: 1, at: now) == false, "one is on its way")
        #expect(supply.shouldConnect(demand: 5, at: now) == true)
        #expect(supply.shouldConnect(demand: 5, at: now) == false)
        supply.connected()
        supply.lost()
        #expect(supply.shouldConnect(demand: 5, at: now) == true)
    }

    @Test(arguments: zip(1...9, [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]))
    func `waits longer after each failure, up to five seconds`(failures: Int, longest: Int) {
        for (jitter, delay) in [(1.0, longest), (0.0, longest / 2)] {
            var supply = ConnectionSupply(limit: 1, patience: .seconds(60))
            for _ in 1...failures {
                #expect(supply.shouldConnect(demand: 1, at: now + .seconds(60)) == true)
                supply.failed(refused, isFinal: false, at: now, jitter: jitter)
            }
            let retry = now + .milliseconds(delay)
            #expect(supply.shouldConnect(demand: 1, at: retry - .milliseconds(1)) == false)
            #expect(supply.shouldConnect(demand: 1, at: retry) == true)
        }
    }

    @Test func `tells those who wait why, when there was no connection for too long`() {
        var supply = ConnectionSupply(limit: 1, patience: .seconds(5))
        #expect(supply.verdict(demand: 1, at: now) == nil)
        _ = supply.shouldConnect(demand: 1, at: now)
        supply.failed(refused, isFinal: false, at: now, jitter: 1)
        #expect(supply.verdict(demand: 1, at: now + .seconds(4)) == nil)
        #expect(supply.verdict(demand: 1, at: now + .seconds(5))?.message == "refused")
        #expect(supply.verdict(demand: 1, at: now + .seconds(6)) == nil, "who comes now may hope again")
    }

    @Test func `tells them at once when it is of no use to wait`() {
        var supply = ConnectionSupply(limit: 1, patience: .seconds(5))
        _ = supply.shouldConnect(demand: 1, at: now)
        supply.failed(refused, isFinal: true, at: now, jitter: 1)
        #expect(supply.verdict(demand: 1, at: now)?.message == "refused")
        #expect(supply.isHopeless)
    }

    @Test func `lets them wait while there is a connection that will be free`() {
        var supply = ConnectionSupply(limit: 2, patience: .seconds(5))
        _ = supply.shouldConnect(demand: 1, at: now)
        supply.connected()
        _ = supply.shouldConnect(demand: 1, at: now)
        supply.failed(refused, isFinal: true, at: now, jitter: 1)
        #expect(supply.verdict(demand: 1, at: now + .seconds(60)) == nil)
    }
}
