import Testing

@testable import LibPQ

struct `The loss of a connection` {
    @Test func `sends reads again on another, and leaves writes unknown`() {
        var rig = PipelineRig()
        rig.send(.read, "a", "b")
        rig.send(.write, "insert")
        rig.succeed("prepared", "1")
        rig.lose()
        #expect(rig.log == ["a: 1", "b again", "insert! outcomeUnknown"])
        #expect(!rig.machine.isBusy)
    }

    @Test func `leaves a write unknown whose command was complete`() {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.succeed("prepared", "done")
        rig.lose()
        #expect(rig.log == ["insert! outcomeUnknown"])
    }

    @Test func `does not make a write unknown that had failed`() {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.receive(.rows("prepared"), .end, .error(.uniqueViolation), .end)
        rig.lose()
        #expect(rig.log == ["insert! 23505"])
    }

    @Test func `means rollback for a statement in a transaction, and the unknown for a commit`() {
        var rig = PipelineRig(isShared: false)
        rig.send(.transactional, "insert")
        rig.lose()
        rig.send(.commit, "commit")
        rig.lose()
        #expect(rig.log == ["insert! connectionLost", "commit! outcomeUnknown"])
    }

    @Test func `is seen in a fatal error, which is not the running statement's own`() {
        var rig = PipelineRig()
        rig.send(.read, "a")
        rig.receive(.rows("prepared"), .end, .fatal)
        #expect(rig.log == [])
        #expect(rig.closed?.code == .connectionLost)
        rig.lose()
        #expect(rig.log == ["a again"])
    }

    @Test func `is seen in an error that libpq made itself`() {
        var rig = PipelineRig()
        rig.send(.read, "a")
        rig.receive(.lost)
        #expect(rig.closed?.code == .connectionLost)
    }

    @Test func `gives up a read that has lost three`() {
        var rig = PipelineRig()
        rig.send(.read, "crash")
        rig.lose()
        for _ in 0..<2 {
            rig.send([rig.returned[rig.returned.count - 1]])
            rig.lose()
        }
        #expect(rig.log == ["crash again", "crash again", "crash! connectionLost"])
    }

    @Test func `forgets what was prepared`() {
        var rig = PipelineRig()
        rig.send(.read, "a")
        rig.lose()
        #expect(rig.send(.read, "a") == ["a"])
    }

    @Test func `is what replies out of step are taken for`() {
        var rig = PipelineRig()
        rig.receive(.end)
        #expect(rig.closed == nil, "NULL with nothing in flight says nothing")
        rig.receive(.rows("nobody asked"))
        #expect(rig.closed != nil)
    }
}
