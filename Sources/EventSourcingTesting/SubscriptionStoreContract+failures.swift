import EventSourcing
import Testing

extension SubscriptionStoreContract {
    static let failures: [Clause] = [
        Clause(promise: "a retry blocks its own stream only, and takes back what is behind it") { group in
            let group = try await group.registered(on: ["a", "a", "b", "a"])
            let taken = try await group.take("one", limit: 3)
            #expect(taken.names == ["a0", "a1", "b0"])
            let retry = taken[0].settled(.retry(after: .seconds(60), reason: "not now"))
            #expect(try await group.settle("one", [retry]).isEmpty)
            #expect(try await group.settle("one", [taken[1].settled(.acknowledge)]) == [taken[1].receipt])
            #expect(try await group.settle("one", [taken[2].settled(.acknowledge)]).isEmpty)
            try await group.append(["b", "a"])
            #expect(try await group.take("two").names == ["b1"])
            let info = try await group.info()
            #expect((info.retrying, info.waiting, info.inFlight) == (1, 3, 1))
        },
        Clause(promise: "a retry comes again in its order, to any consumer, as the next attempt") { group in
            let group = try await group.registered(on: ["a", "a"])
            let first = try await group.take("one")
            #expect(first.map(\.attempt) == [1, 1])
            let second = try await group.take("one", [first[0].settled(.retry(reason: "r"))])
            #expect(second.names == ["a0", "a1"] && second.map(\.attempt) == [2, 1])
            #expect(try await group.settle("one", [second[0].settled(.retry(after: .zero, reason: "r"))]).isEmpty)
            let third = try await group.take("two")
            #expect(third.names == ["a0", "a1"] && third.map(\.attempt) == [3, 1])
            #expect(try await group.settle("two", third.acknowledged).isEmpty)
        },
        Clause(promise: "what is done behind a failure in the same exchange is not taken back") { group in
            let group = try await group.registered(on: ["a", "a", "a"])
            let taken = try await group.take("one")
            let again = try await group.take(
                "one", [taken[0].settled(.retry(reason: "r")), taken[1].settled(.acknowledge)])
            #expect(again.names == ["a0", "a2"])
        },
        Clause(promise: "a retry waits for the pause of the settings") { group in
            let group = try await group.registered(on: ["a"]) { $0.retryDelays = [.zero, .milliseconds(40)] }
            let first = try await group.take("one")
            let second = try await group.take("one", first.settled(.retry(reason: "r")))
            #expect(second.names == ["a0"])
            let clock = ContinuousClock()
            let failedAt = clock.now
            #expect(try await group.settle("one", second.settled(.retry(reason: "r"))).isEmpty)
            #expect(try await group.takeEventually("one").map(\.attempt) == [3])
            #expect(clock.now - failedAt >= .milliseconds(40))
        },
        Clause(promise: "a message whose attempts are used up is parked with its reason") { group in
            let group = try await group.registered(on: ["a", "b"]) { $0.maxAttempts = 3 }
            for attempt in 1...3 {
                let taken = try await group.take("one", limit: 1)
                #expect(taken.names == ["a0"] && taken.map(\.attempt) == [attempt])
                _ = try await group.settle("one", taken.settled(.retry(reason: "failure \(attempt)")))
            }
            #expect(try await group.take("one").names == ["b0"])
            let parked = try #require(try await group.parked().first)
            guard case .parked(attempts: 3, reason: "failure 3", _) = parked.state else {
                Issue.record("parked as \(parked.state)")
                return
            }
        },
    ]

    static let timeouts: [Clause] = [
        Clause(promise: "a message that takes too long goes to another consumer, and the late word is refused") {
            group in
            let group = try await group.registered(on: ["a", "b"]) { $0.messageTimeout = .milliseconds(30) }
            let lost = try await group.take("one")
            try await group.register()  // with a generous time-out for what follows
            let again = try await group.takeEventually("two")
            #expect(again.names == ["a0", "b0"] && again.map(\.attempt) == [2, 2])
            #expect(Set(again.map(\.receipt)).isDisjoint(with: lost.map(\.receipt)))
            #expect(try await group.settle("one", [lost[0].settled(.acknowledge)]) == [lost[0].receipt])
            #expect(try await group.settle("one", [lost[1].settled(.stop(reason: "r"))]) == [lost[1].receipt])
            #expect(try await group.settle("two", again.acknowledged).isEmpty)
            #expect(try await group.info().stopped == nil)
        },
        Clause(promise: "running out of time counts as an attempt of the first message of a stream only") { group in
            let group = try await group.registered(on: ["a", "a", "a"]) {
                $0.messageTimeout = .milliseconds(30)
                $0.maxAttempts = 2
            }
            _ = try await group.take("one")
            let again = try await group.takeEventually("two")
            #expect(again.names == ["a0", "a1", "a2"] && again.map(\.attempt) == [2, 1, 1])
            while try await group.parked().isEmpty { _ = try await group.take("three") }
            #expect(try await group.parked().names == ["a0!", "a1", "a2"])
        },
        Clause(promise: "nothing is skipped when a consumer dies between the exchange and its settlements") { group in
            let group = try await group.registered(on: ["a", "b", "c", "a", "d"]) {
                $0.messageTimeout = .milliseconds(30)
                $0.bufferSize = 4
            }
            // The position has been moved beyond these, and nobody has them.
            #expect(try await group.take("dead", limit: 3).count == 3)
            try await group.register { $0.bufferSize = 4 }
            var handled: [String] = []
            var settled: [SubscriptionSettlement] = []
            while handled.count < 5 {
                let taken = try await group.take("alive", settled)
                handled += taken.names
                settled = taken.acknowledged
            }
            #expect(handled.sorted() == ["a0", "a1", "b0", "c0", "d0"])
            #expect(handled.firstIndex(of: "a0")! < handled.firstIndex(of: "a1")!)
        },
        Clause(promise: "what a consumer does not hold is taken back from it at once") { group in
            let group = try await group.registered(on: ["a", "b", "c"])
            let known = try await group.take("one", limit: 1)
            _ = try await group.take("one", limit: 1)  // the answer is lost
            let other = try await group.take("two", limit: 1)
            let again = try await group.exchange("one", limit: 100, holding: [known[0].receipt])
            #expect(again.deliveries.names == ["b0"] && again.deliveries.map(\.attempt) == [1])
            #expect(try await group.settle("one", (known + again.deliveries).acknowledged).isEmpty)
            #expect(try await group.settle("two", other.acknowledged).isEmpty)
        },
    ]
}
