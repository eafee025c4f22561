import Testing

@testable import LibPQ

struct `A cancelled request` {
    private let id = RequestID(rawValue: 7)

    @Test func `leaves a tombstone that takes its replies`() {
        var rig = PipelineRig()
        rig.send([PipelineRig.Query("a", .read, id: 7), PipelineRig.Query("b", .read)])
        #expect(rig.machine.abandon(id)?.description == "a")
        rig.succeed("prepared", "1", "prepared", "2")
        rig.receive(.sync)
        #expect(rig.log == ["b: 2"])
        #expect(!rig.machine.isBusy)
    }

    @Test func `is given up once`() {
        var rig = PipelineRig()
        rig.send([PipelineRig.Query("a", .read, id: 7)])
        #expect(rig.machine.abandon(id) != nil)
        #expect(rig.machine.abandon(id) == nil)
    }

    @Test func `is not sent again when its neighbour fails or its connection is lost`() {
        var rig = PipelineRig()
        rig.send([PipelineRig.Query("a", .read), PipelineRig.Query("b", .read, id: 7)])
        _ = rig.machine.abandon(id)
        rig.receive(.rows("prepared"), .end, .error(.divisionByZero), .end, .aborted, .end, .aborted, .end)
        rig.lose()
        #expect(rig.log == ["a! 22012"])
    }

    @Test func `may be a write whose command was complete, and is answered before its Sync`() {
        var rig = PipelineRig()
        rig.send([PipelineRig.Query("insert", .write, id: 7)])
        rig.succeed("prepared", "done")
        #expect(rig.machine.abandon(id)?.policy == .write)
        rig.receive(.sync)
        #expect(rig.log == [])
    }

    @Test func `that was stale is prepared again by the next one`() {
        var rig = PipelineRig()
        rig.send([PipelineRig.Query("a", .read, id: 7)])
        _ = rig.machine.abandon(id)
        rig.receive(.rows("prepared"), .end, .planChanged, .end, .sync)
        #expect(rig.send(.read, "a") == ["a"])
    }

    @Test func `that is not here is not found`() {
        var rig = PipelineRig()
        rig.send(.read, "a")
        #expect(rig.machine.abandon(id) == nil)
    }
}

struct `A script` {
    @Test func `ends with the end of its last result`() {
        var rig = PipelineRig(isShared: false)
        rig.machine.appendScript(PipelineRig.Query("a; b", .write))
        #expect(rig.machine.isInSimpleQuery)
        rig.receive(.rows("1"), .rows("2"))
        #expect(rig.log == [])
        rig.receive(.end)
        #expect(rig.log == ["a; b: 2"])
        #expect(!rig.machine.isInSimpleQuery)
    }

    @Test func `reports its first failure, at its end`() {
        var rig = PipelineRig(isShared: false)
        rig.machine.appendScript(PipelineRig.Query("a; b", .write))
        rig.receive(.rows("1"), .error(.syntaxError))
        #expect(rig.log == [])
        rig.receive(.end)
        #expect(rig.log == ["a; b! 42601"])
    }

    @Test func `whose task was cancelled runs on, for nobody`() {
        var rig = PipelineRig(isShared: false)
        rig.machine.appendScript(PipelineRig.Query("a; b", .transactional, id: 7))
        #expect(rig.machine.abandon(RequestID(rawValue: 7)) != nil)
        rig.receive(.rows("1"), .end)
        #expect(rig.log == [])
        #expect(!rig.machine.isBusy)
    }

    @Test func `is unknown when its connection is lost, unless it was part of a transaction`() {
        for (policy, outcome) in [(RequestPolicy.write, "outcomeUnknown"), (.transactional, "connectionLost")] {
            var rig = PipelineRig(isShared: false)
            rig.machine.appendScript(PipelineRig.Query("a", policy))
            rig.lose()
            #expect(rig.log == ["a! \(outcome)"])
        }
    }
}

struct `The cache of prepared statements` {
    private func key(_ sql: String, _ signature: UInt64 = 0) -> StatementKey {
        StatementKey(statement: PostgresStatement(sql), signature: signature)
    }

    @Test func `knows a statement by its text and the types of its parameters`() {
        var cache = StatementCache()
        #expect(cache.entry(for: key("a")).isNew)
        #expect(!cache.entry(for: key("a")).isNew)
        #expect(cache.entry(for: key("a", 1)).isNew)
    }

    @Test func `gives up the oldest beyond its capacity, and never reuses a name`() {
        var cache = StatementCache(capacity: 2)
        let names = ["a", "b", "c"].map { cache.entry(for: key($0)).entry.name }
        #expect(cache.evict() == [names[0]])
        let again = cache.entry(for: key("a"))
        #expect(again.isNew)
        #expect(!names.contains(again.entry.name))
        #expect(cache.evict() == [names[1]])
    }

    @Test func `has nothing to deallocate for what the server does not have`() {
        var cache = StatementCache(capacity: 1)
        let first = cache.entry(for: key("a")).entry
        cache.forget(key("a"), generation: first.generation)
        _ = cache.entry(for: key("b"))
        #expect(cache.evict() == [])
        #expect(cache.count == 1)
    }
}
