import EventSourcing
import Testing

extension SubscriptionStoreContract {
    static let parking: [Clause] = [
        Clause(promise: "behind a parked message its stream waits, in order, and the others go on") { group in
            let group = try await group.registered(on: ["a", "a", "b", "a"]) { $0.bufferSize = 3 }
            let taken = try await group.take("one")
            let next = try await group.take(
                "one", [taken[0].settled(.park(reason: "broken")), taken[2].settled(.acknowledge)])
            #expect(taken.names == ["a0", "a1", "b0"] && next.isEmpty)
            #expect(try await group.settle("one", [taken[1].settled(.acknowledge)]) == [taken[1].receipt])
            try await group.append(["a", "b"])
            #expect(try await group.take("two").names == ["b1"])
            let parked = try await group.parked()
            #expect(parked.names == ["a0!", "a1", "a2", "a3"])
            #expect(
                try await group.administration.parked(in: group.id, after: parked[0].event.position, limit: 2).names
                    == ["a1", "a2"])
            let info = try await group.info()
            #expect((info.parked, info.held, info.waiting, info.inFlight) == (1, 3, 0, 1))
        },
        Clause(promise: "a stream may go on behind its parked message") { group in
            let group = try await group.registered(on: ["a", "a", "a"]) { $0.parkedStream = .goesOn }
            let taken = try await group.take("one", limit: 2)
            let next = try await group.take("one", [taken[0].settled(.park(reason: "r"))])
            #expect(next.names == ["a1", "a2"] && next.map(\.attempt) == [1, 1])
            #expect(try await group.parked().names == ["a0!"])
            #expect(try await group.administration.replay(.all, in: group.id) == 1)
            #expect(try await group.take("two").isEmpty)
            #expect(try await group.take("two", next.acknowledged).isEmpty)
            #expect(try await group.take("one", next.acknowledged).names == ["a0"])
        },
        Clause(promise: "a replayed message comes again with all attempts, then what waited behind it") { group in
            let group = try await group.registered(on: ["a", "a", "b"]) { $0.maxAttempts = 1 }
            let taken = try await group.take("one")
            _ = try await group.settle("one", taken.filter { $0.event.revision == .first }.settled(.retry(reason: "r")))
            try await group.append(["a", "b"])
            #expect(try await group.take("one").isEmpty)
            #expect(try await group.parked().names == ["a0!", "a1", "b0!", "a2", "b1"])
            let position = taken[0].event.position
            #expect(try await group.administration.replay(.message(position), in: group.id) == 3)
            #expect(try await group.administration.replay(.message(position), in: group.id) == 0)
            #expect(try await group.parked().names == ["a0+", "a1+", "b0!", "a2+", "b1"])
            let again = try await group.take("two")
            #expect(again.names == ["a0", "a1", "a2"] && again.map(\.attempt) == [1, 1, 1])
            #expect(try await group.administration.replay(.stream(group.stream("b")), in: group.id) == 2)
            #expect(try await group.take("three").names == ["b0", "b1"])
            #expect(try await group.parked().isEmpty)
        },
        Clause(promise: "a message that is parked again holds back what was given back with it") { group in
            let group = try await group.registered(on: ["a", "a", "a"]) { $0.bufferSize = 2 }
            let first = try await group.take("one")
            _ = try await group.take("one", [first[0].settled(.park(reason: "r"))])
            #expect(try await group.administration.replay(.all, in: group.id) == 3)
            let again = try await group.take("one")
            #expect(again.names == ["a0", "a1"])
            #expect(try await group.parked().names == ["a2+"])
            #expect(try await group.take("one", [again[0].settled(.park(reason: "again"))]).isEmpty)
            try await group.append(["a"])
            #expect(try await group.take("one").isEmpty)
            #expect(try await group.parked().names == ["a0!", "a1", "a2", "a3"])
        },
        Clause(promise: "new events of a stream come behind those that were given back") { group in
            let group = try await group.registered(on: ["a", "a", "a"]) { $0.bufferSize = 2 }
            let first = try await group.take("one")
            _ = try await group.take("one", [first[0].settled(.park(reason: "r"))])
            #expect(try await group.administration.replay(.all, in: group.id) == 3)
            try await group.append(["a", "b"])
            var (handled, settled): ([String], [SubscriptionSettlement]) = ([], [])
            while handled.count < 5 {
                let taken = try await group.take("one", settled)
                handled += taken.names
                settled = taken.acknowledged
            }
            #expect(handled.filter { $0 != "b0" } == ["a0", "a1", "a2", "a3"])
        },
        Clause(promise: "a skipped message is settled, and its stream goes on") { group in
            let group = try await group.registered(on: ["a", "a", "b"])
            let taken = try await group.take("one")
            _ = try await group.settle(
                "one", [taken[0].settled(.park(reason: "r")), taken[2].settled(.park(reason: "r"))])
            #expect(try await group.administration.skip(.stream(group.stream("a")), in: group.id) == 1)
            #expect(try await group.take("two").names == ["a1"])
            #expect(try await group.administration.skip(.all, in: group.id) == 1)
            #expect(try await group.parked().isEmpty)
            #expect(try await group.info().settled == 2)
        },
        Clause(promise: "with other settings, what waits behind a parked message comes back") { group in
            let group = try await group.registered(on: ["a", "a"])
            let taken = try await group.take("one")
            _ = try await group.settle("one", [taken[0].settled(.park(reason: "r"))])
            try await group.register { $0.parkedStream = .goesOn }
            #expect(try await group.take("one").names == ["a1"])
            #expect(try await group.parked().names == ["a0!"])
        },
    ]

    static let stopping: [Clause] = [
        Clause(promise: "a consumer stops the group, and an administrator resumes it") { group in
            let group = try await group.registered(on: ["a", "a", "b"])
            let taken = try await group.take("one")
            let answer = try await group.exchange("one", [taken[0].settled(.stop(reason: "no disk"))])
            #expect(answer.deliveries.isEmpty && answer.stopReason == "no disk")
            #expect(try await group.exchange("two").stopReason == "no disk")
            // What is in hand can still be settled.
            #expect(try await group.settle("one", [taken[2].settled(.acknowledge)]).isEmpty)
            #expect(try await group.info().stopped?.reason == "no disk")
            try await group.administration.resume(group.id)
            let again = try await group.take("two")
            #expect(again.names == ["a0", "a1"] && again.map(\.attempt) == [1, 1])
        },
        Clause(promise: "an administrator stops a group; the first reason stays") { group in
            let group = try await group.registered(on: ["a"])
            try await group.administration.stop(group.id, reason: "first")
            try await group.administration.stop(group.id, reason: "second")
            #expect(try await group.exchange("one").stopReason == "first")
            try await group.administration.resume(group.id)
            #expect(try await group.take("one").names == ["a0"])
        },
        Clause(promise: "a removed group is gone, and starts anew when it is registered again") { group in
            let group = try await group.registered(on: ["a"])
            let taken = try await group.take("one")
            try await group.administration.remove(group.id)
            await #expect(throws: SubscriptionNotFound(group.id)) { try await group.settle("one", taken.acknowledged) }
            try await group.register()
            #expect(try await group.take("one").names == ["a0"])
        },
    ]
}
