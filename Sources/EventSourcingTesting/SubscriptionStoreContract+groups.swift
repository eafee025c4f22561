import EventSourcing
import Testing

extension SubscriptionStoreContract {
    static let groups: [Clause] = [
        Clause(promise: "a group that was not registered is not found") { group in
            let unknown = SubscriptionNotFound(group.id)
            await #expect(throws: unknown) { try await group.take("one") }
            await #expect(throws: unknown) { try await group.info() }
            await #expect(throws: unknown) { try await group.parked() }
            await #expect(throws: unknown) { try await group.administration.replay(.all, in: group.id) }
            await #expect(throws: unknown) { try await group.administration.skip(.all, in: group.id) }
            await #expect(throws: unknown) { try await group.administration.stop(group.id, reason: "r") }
            await #expect(throws: unknown) { try await group.administration.resume(group.id) }
            await #expect(throws: unknown) { try await group.administration.remove(group.id) }
        },
        Clause(promise: "a group begins at the beginning, at the end or behind a position") { group in
            let second = try await group.append(["a", "a"])
            try await group.append(["a"])
            for (start, expected) in [
                (SubscriptionStart.beginning, ["a0", "a1", "a2"]), (.after(second), ["a2"]), (.end, []),
            ] {
                for source in [group.ours, .stream(try group.stream("a"))] {
                    try await group.register(on: source, from: start)
                    #expect(try await group.take("one").names == expected)
                    try await group.administration.remove(group.id)
                }
            }
            try await group.register(from: .end)
            try await group.append(["a"])
            #expect(try await group.take("one").names == ["a3"])
        },
        Clause(promise: "a group is on a stream, a category or a filter") { group in
            try await group.append(["a", "b"])
            try await group.append(["c"], aggregate: "other")
            try await group.append(["a"], type: "contract.thing.ended.v1")
            let things = try StreamCategory(context: "contract", aggregate: "thing", schema: 1)
            let cases: [(SubscriptionSource, [String])] = [
                (.stream(try group.stream("a")), ["a0", "a1"]),
                (.category(things, of: group.tenant), ["a0", "b0", "a1"]),
                (.log(LogFilter(tenant: group.tenant, types: [try EventType("contract.thing.ended.v1")])), ["a1"]),
                (.log(LogFilter(tenant: group.tenant, types: [])), []),
                (group.ours, ["a0", "b0", "c0", "a1"]),
            ]
            for (source, expected) in cases {
                try await group.register(on: source) { $0.bufferSize = 3 }
                let first = try await group.take("one")
                #expect(first.names == Array(expected.prefix(3)))
                #expect(try await group.take("one", first.acknowledged).names == Array(expected.dropFirst(3)))
                #expect(try await group.info().lag == 0 || expected.count > 3)
                try await group.administration.remove(group.id)
            }
        },
        Clause(promise: "registering again changes the settings, keeps the place, and refuses another source") {
            group in
            let group = try await group.registered(on: ["a", "b"]) { $0.bufferSize = 1 }
            let first = try await group.take("one")
            #expect(first.names == ["a0"])
            try await group.register(from: .end) { $0.bufferSize = 10 }
            #expect(try await group.take("one", first.acknowledged).names == ["b0"])
            await #expect(throws: SubscriptionDiffers(group.id)) {
                try await group.register(on: .stream(group.stream("a")))
            }
        },
        Clause(promise: "the same name in two tenants is two groups") { group in
            let group = try await group.registered(on: ["a"])
            let other = try SubscriptionFixture(
                events: group.events, store: group.store, administration: group.administration
            )
            let theirs = try await other.registered(on: ["b", "c"])
            #expect(try await group.take("one").names == ["a0"])
            #expect(try await theirs.take("one").names == ["b0", "c0"])
            let listed = try await group.administration.subscriptions().map(\.id)
            #expect(listed.contains(group.id) && listed.contains(theirs.id))
        },
        Clause(promise: "the window is bounded, and refilled as messages are settled") { group in
            let group = try await group.registered(on: ["a", "b", "c", "d", "e"]) { $0.bufferSize = 3 }
            let first = try await group.take("one")
            #expect(first.names == ["a0", "b0", "c0"])
            #expect(try await group.take("two").isEmpty)
            #expect(try await group.info().lag > 0)
            // The order of the acknowledgements is free.
            #expect(try await group.settle("one", [first[2].settled(.acknowledge)]).isEmpty)
            #expect(try await group.take("two").names == ["d0"])
            #expect(try await group.settle("one", [first[0].settled(.acknowledge), first[1].settled(.skip)]).isEmpty)
            #expect(try await group.take("two").names == ["e0"])
        },
        Clause(promise: "the state of a group is told") { group in
            let group = try await group.registered(on: ["a", "b", "b", "c", "d", "d"]) { $0.bufferSize = 5 }
            var info = try await group.info()
            #expect(info.readPosition == .start && info.oldestUnsettled == nil && info.consumers.isEmpty)
            let taken = try await group.take("one", limit: 4)
            _ = try await group.settle(
                "one",
                [taken[0].settled(.park(reason: "r")), taken[3].settled(.retry(after: .seconds(60), reason: "r"))])
            info = try await group.info()
            #expect(info.id == group.id && info.stopped == nil)
            #expect((info.inFlight, info.retrying) == (2, 1))
            // How far a store draws beyond what it hands out is its own.
            #expect((0...1).contains(info.waiting))
            #expect((info.parked, info.held, info.settled) == (1, 0, 0))
            #expect(info.oldestUnsettled == taken[1].event.recordedAt)
            #expect(info.consumers == ["one": 2])
            #expect(info.lag >= 1 && info.readPosition >= taken[3].event.position)
            _ = try await group.take("two")
            #expect(try await group.info().consumers == ["one": 2, "two": 2])
            try await group.exchange("two", limit: 0, holding: [])
            info = try await group.info()
            #expect(info.consumers == ["one": 2] && info.waiting == 2 && info.lag == 0)
        },
    ]

    static let order: [Clause] = [
        Clause(promise: "a message is handed out once, the lowest positions first") { group in
            let group = try await group.registered(on: ["a", "b", "c", "a"])
            #expect(try await group.take("one", limit: 2).names == ["a0", "b0"])
            #expect(try await group.take("one", limit: 2).names == ["c0", "a1"])
            #expect(try await group.take("one").isEmpty)
            #expect(try await group.take("two").isEmpty)
        },
        Clause(promise: "a stream is in one consumer's hands at a time") { group in
            let group = try await group.registered(on: ["a", "a", "b", "a", "b"])
            let one = try await group.take("one", limit: 1)
            #expect(one.names == ["a0"])
            let two = try await group.take("two")
            #expect(two.names == ["b0", "b1"])
            #expect(try await group.take("two", two.acknowledged).isEmpty)
            // Who has the stream may have more of it; nobody else, until all of that is settled.
            let more = try await group.take("one", limit: 1)
            #expect(more.names == ["a1"])
            #expect(try await group.settle("one", one.acknowledged).isEmpty)
            #expect(try await group.take("two").isEmpty)
            #expect(try await group.settle("one", more.acknowledged).isEmpty)
            #expect(try await group.take("two").names == ["a2"])
        },
        Clause(promise: "what is settled in an exchange makes room in the same one") { group in
            let group = try await group.registered(on: ["a", "b"]) { $0.bufferSize = 1 }
            let first = try await group.take("one")
            let second = try await group.exchange("one", first.acknowledged)
            #expect(second.deliveries.names == ["b0"] && second.refused.isEmpty && second.stopReason == nil)
            #expect(try await group.info().settled == 1)
        },
        Clause(promise: "a settlement counts once, and only from who has the message") { group in
            let group = try await group.registered(on: ["a"])
            let taken = try await group.take("one")
            let receipts = Set(taken.map(\.receipt))
            #expect(try await group.settle("two", taken.acknowledged) == receipts)
            #expect(try await group.settle("two", taken.settled(.park(reason: "r"))) == receipts)
            #expect(try await group.settle("one", taken.acknowledged).isEmpty)
            #expect(try await group.settle("one", taken.acknowledged) == receipts)
            #expect(try await group.info().settled == 1)
        },
    ]
}
