import EventSourcing
import Testing

extension ProjectionTargetContract {
    static let parking: [Clause] = [
        Clause(promise: "a parked stream is known to the next owner, its events in their order and with reasons") {
            fixture in
            let events = try [2, 4, 5].map { try fixture.adding(1, at: $0, in: "a") }
            try await fixture.park(events)
            let state = try await fixture.target.load(0, of: fixture.one)
            let stream = try fixture.stream("a")
            #expect(state.parked == [stream: false] && state.parkedStreams == 1)
            #expect(try await fixture.total("a") == nil)
            #expect(
                try await fixture.target.parkedPositions(of: stream, in: 0, limit: 2) == [Position(2), Position(4)])
            #expect(try await fixture.target.parkedPositions(of: fixture.stream("b"), in: 0, limit: 2).isEmpty)
            let parked = try await fixture.parked()
            #expect(parked.map(\.position.rawValue) == [2, 4, 5] && parked.map(\.eventID) == events.map(\.id))
            #expect(parked.map(\.reason) == ["broken", nil, nil] && parked.allSatisfy { $0.stream == stream })
            let status = try await fixture.status()
            #expect(status?.parkedStreams == 1 && status?.parkedEvents == 3)
        },
        Clause(promise: "a stream is to be tried again once when an administrator asks for it") { fixture in
            let event = try fixture.adding(1, at: 1, in: "a", revision: 0)
            try await fixture.park([event])
            let stream = try fixture.stream("a")
            let before = try await fixture.target.load(0, of: fixture.one)
            try await fixture.administration.retry(stream, in: fixture.name)
            let marked = try await fixture.target.load(0, of: fixture.one)
            #expect(marked.parked == [stream: true] && marked.version != before.version, "an owner has to notice it")
            #expect(try await fixture.parked().map(\.isToBeRetried) == [true])
            // It fails again.
            try await fixture.target.commit(
                fixture.commit([], at: marked.version, upTo: 1) { commit in
                    commit.parked = [ParkedEvent(event, reason: "still broken")]
                    commit.retried = [stream]
                })
            #expect(try await fixture.target.load(0, of: fixture.one).parked == [stream: false])
            let parked = try await fixture.parked()
            #expect(parked.map(\.reason) == ["still broken"] && parked.map(\.attempts) == [2])
        },
        Clause(promise: "an event that is released is applied and parked no longer, in one commit") { fixture in
            let events = try [1, 2].map { try fixture.adding($0, at: $0, in: "a", revision: $0 - 1) }
            try await fixture.park(events)
            try await fixture.apply([events[0]]) { $0.released = [Position(1)] }
            #expect(try await fixture.total("a") == 1)
            #expect(try await fixture.parked().map(\.position.rawValue) == [2])
            try await fixture.apply([events[1]]) { $0.released = [Position(2)] }
            #expect(try await fixture.target.load(0, of: fixture.one).parked.isEmpty)
            #expect(try await fixture.total("a") == 3)
        },
        Clause(promise: "a skipped event is given up with the reason, and those behind it are tried again") { fixture in
            try await fixture.park(try [1, 2].map { try fixture.adding(1, at: $0, in: "a", revision: $0 - 1) })
            let stream = try fixture.stream("a")
            let skipped = try await fixture.administration.skip(firstOf: stream, in: fixture.name, reason: "spam")
            #expect(skipped == Position(1))
            let state = try await fixture.target.load(0, of: fixture.one)
            #expect(state.parked == [stream: true])
            #expect(try await fixture.target.parkedPositions(of: stream, in: 0, limit: 9) == [Position(2)])
            let parked = try await fixture.parked()
            #expect(parked.map(\.skip?.reason) == ["spam", nil])
            #expect(try await fixture.status()?.parkedEvents == 1)
        },
        Clause(promise: "of a stream that is not parked nothing is tried again or skipped") { fixture in
            let stream = try fixture.stream("a")
            await #expect(throws: StreamNotParked(stream, in: fixture.name)) {
                try await fixture.administration.retry(stream, in: fixture.name)
            }
            await #expect(throws: StreamNotParked(stream, in: fixture.name)) {
                try await fixture.administration.skip(firstOf: stream, in: fixture.name, reason: "x")
            }
        },
    ]

    static let partitions: [Clause] = [
        Clause(promise: "a partition is loaded only by who knows how many there are") { fixture in
            await #expect(throws: CheckpointMoved.self) {
                _ = try await fixture.target.load(0, of: Partitioning(2))
            }
            await #expect(throws: CheckpointMoved.self) {
                _ = try await fixture.target.load(1, of: Partitioning(2))
            }
        },
        Clause(promise: "partitions are replaced at one checkpoint, and parked streams go where they belong") {
            fixture in
            let streams = ["a", "b", "c", "d", "e"]
            for (index, name) in streams.enumerated() {
                try await fixture.park([fixture.adding(1, at: Int64(index + 1), in: name, revision: 0)])
            }
            try await fixture.administration.setPartitions(of: fixture.name, to: Partitioning(3))
            let layout = try await fixture.target.layout()
            #expect(layout.partitions == fixture.one && layout.wanted == Partitioning(3))
            let checkpoint = try await fixture.target.load(0, of: fixture.one).checkpoint
            try await fixture.target.repartition(layout.versions, at: checkpoint, into: layout.wanted)
            let replaced = try await fixture.target.layout()
            #expect(replaced.partitions == Partitioning(3) && replaced.wanted == Partitioning(3))
            #expect(replaced.positions == Array(repeating: checkpoint.position, count: 3))
            #expect(replaced.versions.allSatisfy { !layout.versions.contains($0) }, "an owner has to notice it")
            for partition in 0..<3 {
                let state = try await fixture.target.load(partition, of: Partitioning(3))
                let expected = try streams.map { try fixture.stream($0) }
                    .filter { Partitioning(3).partition(of: $0) == partition }
                #expect(Set(state.parked.keys) == Set(expected))
                #expect(state.checkpoint == checkpoint && state.parkedStreams == 5)
                for stream in expected {
                    let positions = try await fixture.target.parkedPositions(of: stream, in: partition, limit: 9)
                    #expect(positions.count == 1)
                }
            }
        },
        Clause(promise: "partitions that somebody else has changed meanwhile are not replaced") { fixture in
            let layout = try await fixture.target.layout()
            try await fixture.apply([fixture.adding(1, at: 1, in: "a", revision: 0)])
            await #expect(throws: CheckpointMoved.self) {
                try await fixture.target.repartition(
                    layout.versions, at: fixture.checkpoint(0), into: Partitioning(2))
            }
            #expect(try await fixture.target.layout().partitions == fixture.one)
            #expect(try await fixture.target.layout().positions == [Position(1)])
        },
        Clause(promise: "each partition has a checkpoint and a version of its own") { fixture in
            let layout = try await fixture.target.layout()
            try await fixture.administration.setPartitions(of: fixture.name, to: Partitioning(2))
            let versions = try await fixture.target.layout().versions
            #expect(versions != layout.versions, "an owner has to notice it")
            try await fixture.target.repartition(versions, at: .start, into: Partitioning(2))
            let version = try await fixture.target.load(1, of: Partitioning(2)).version
            let names = try ["a", "b", "c", "d", "e", "f"].filter {
                try Partitioning(2).partition(of: fixture.stream($0)) == 1
            }
            let name = try #require(names.first)
            let event = try fixture.adding(6, at: 9, in: name, revision: 0)
            try await fixture.target.commit(fixture.commit([event], at: version, in: 1))
            #expect(try await fixture.target.layout().positions == [.start, Position(9)])
            #expect(try await fixture.total(name) == 6)
        },
    ]
}
