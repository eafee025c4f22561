import Testing

@testable import LibPQ

struct `The supply of connections` {
    private let now = ContinuousClock.now

    @Test func `wants connections for demand only, and up to its limit`() {
        var supply = ConnectionSupply(limit: 2, timeout: .seconds(5))
        #expect(!supply.wantsConnection(demand: 0))
        #expect(supply.wantsConnection(demand: 1))
        supply.began()
        #expect(!supply.wantsConnection(demand: 1), "one is on its way")
        #expect(supply.wantsConnection(demand: 5))
        supply.began()
        #expect(!supply.wantsConnection(demand: 5))
        supply.connected()
        supply.lost()
        supply.failed()
        #expect(supply.wantsConnection(demand: 5))
    }

    @Test func `times out when there was no connection for too long`() {
        var supply = ConnectionSupply(limit: 1, timeout: .seconds(5))
        let ends = [0, 4, 5, 6].map { supply.hasTimedOut(demand: 1, at: now + .seconds($0)) }
        #expect(ends == [false, false, true, false], "who comes later may hope again")
        #expect(supply.nextDeadline == now + .seconds(11))
    }

    @Test func `is patient while there is a connection that will be free, or nobody waits`() {
        var supply = ConnectionSupply(limit: 2, timeout: .seconds(5))
        let demand = [1, 0, 1].enumerated().map { supply.hasTimedOut(demand: $1, at: now + .seconds(4 * $0)) }
        #expect(demand == [false, false, false])
        supply.began()
        supply.connected()
        let isOver = supply.hasTimedOut(demand: 1, at: now + .seconds(60))
        #expect(!isOver)
    }
}
