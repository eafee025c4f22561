import EventSourcing
import Testing

extension SubscriptionStoreContract {
    /// The present name of the event of the fixture, after it was renamed.
    private enum Renamed: String { case happened = "contract.thing.occurred.v1" }

    private static let upcasters = Upcasters(to: Renamed.self) {
        [
            Upcaster(
                from: try EventType("contract.thing.happened.v1"), to: try EventType(Renamed.happened.rawValue)
            ) { (payload: EventPayload) in payload }
        ]
    }

    static let places: [Clause] = [
        Clause(promise: "a group goes back to a position, and what was handled behind it comes again") { group in
            let group = try await group.registered(on: ["a", "b", "a", "b"])
            let taken = try await group.take("one")
            #expect(try await group.settle("one", taken.prefix(3).map { $0.settled(.acknowledge) }).isEmpty)
            let first = taken[0].event.position
            #expect(try await group.administration.reset(group.id, to: .after(first)) == first)
            // What was in hand came too late.
            #expect(try await group.settle("one", [taken[3].settled(.acknowledge)]) == [taken[3].receipt])
            let again = try await group.take("two")
            #expect(again.names == ["b0", "a1", "b1"] && again.map(\.attempt) == [1, 1, 1])
            #expect(try await group.settle("two", again.acknowledged).isEmpty)
            #expect(try await group.administration.reset(group.id, to: .beginning) == .start)
            #expect(try await group.take("one").names == ["a0", "b0", "a1", "b1"])
        },
        Clause(promise: "what is parked before the place stays parked, and what is behind it comes again") { group in
            let group = try await group.registered(on: ["a", "b", "a", "c"])
            let taken = try await group.take("one")
            _ = try await group.settle(
                "one", [taken[0].settled(.park(reason: "r")), taken[3].settled(.park(reason: "r"))])
            #expect(try await group.parked().names == ["a0!", "a1", "c0!"])
            _ = try await group.administration.reset(group.id, to: .after(taken[1].event.position))
            #expect(try await group.parked().names == ["a0!"])
            #expect(try await group.take("two").names == ["c0"])
            #expect(try await group.parked().names == ["a0!", "a1"])
        },
        Clause(promise: "a group goes forth, and never gets what it had not drawn before the place") { group in
            for source in [group.ours, .stream(try group.stream("a"))] {
                let last = try await group.append(["a", "a", "a"])
                try await group.register(on: source) { $0.bufferSize = 1 }
                let first = try await group.take("one")
                #expect(try await group.administration.reset(group.id, to: .end) >= last)
                #expect(try await group.take("one", first.acknowledged).isEmpty)
                try await group.append(["a"])
                let next = try await group.take("one")
                #expect(next.map(\.event.position).allSatisfy { $0 > last } && next.count == 1)
                #expect(try await group.settle("one", next.acknowledged).isEmpty)
                try await group.administration.remove(group.id)
            }
            await #expect(throws: SubscriptionNotFound(group.id)) {
                try await group.administration.reset(group.id, to: .end)
            }
        },
        Clause(promise: "a group follows a renamed event, and keeps its place") { group in
            let (old, new) = (try EventType("contract.thing.happened.v1"), try EventType(Renamed.happened.rawValue))
            let filter = LogFilter(tenant: group.tenant, types: [old])
            try await group.append(["a"])
            try await group.register(on: .log(filter))
            let first = try await group.take("one")
            #expect(first.names == ["a0"])
            try await group.append(["a"], type: new.rawValue)
            #expect(try await group.take("one", first.acknowledged).isEmpty)
            // The program of after the renaming, with the old name in its filter or the new one.
            for type in [old, new] {
                let following = LogFilter(tenant: group.tenant, types: [type]).following(Self.upcasters)
                try await group.register(on: .log(following))
                try await group.append(["a"], type: old.rawValue)
                try await group.append(["a"], type: new.rawValue)
                try await group.append(["a"], type: "contract.thing.ended.v1")
                let both = try await group.take("one")
                #expect(both.map(\.event.type) == [old, new])
                #expect(try await group.settle("one", both.acknowledged).isEmpty)
            }
            let other = LogFilter(tenant: group.tenant, types: [old, try EventType("contract.thing.ended.v1")])
            await #expect(throws: SubscriptionDiffers(group.id)) {
                try await group.register(on: .log(other.following(Self.upcasters)))
            }
        },
        Clause(promise: "a consumer is told whether to ask again without a new event") { group in
            let group = try await group.registered(on: ["a"])
            #expect(try await group.exchange("one").isDrained)
            try await group.append(["b"])
            let two = try await group.exchange("two")
            #expect(!two.isDrained && two.deliveries.names == ["b0"])
            let again = try await group.exchange(
                "two", [two.deliveries[0].settled(.retry(after: .seconds(60), reason: "r"))])
            #expect(!again.isDrained)
            let before = try #require(try await (group.store as? any SubscriptionChanges)?.subscriptionChanges())
            try await group.administration.stop(group.id, reason: "r")
            #expect(try await group.exchange("one").isDrained)
            try await group.administration.resume(group.id)
            let after = try await (group.store as? any SubscriptionChanges)?.subscriptionChanges()
            #expect(before != after)
            #expect(try await !group.exchange("one").isDrained)
        },
    ]
}
