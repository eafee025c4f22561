import Testing

@testable import LibPQ

struct `An atomic request` {
    private typealias Query = PipelineRig.Query

    @Test func `is answered once, when its Sync is back, with the rows of all its statements`() {
        var rig = PipelineRig()
        rig.sendAtomically(["a", "b", "a"])
        rig.succeed("prepared", "1", "prepared", "2", "3")
        #expect(rig.log == [])
        rig.receive(.sync)
        #expect(rig.log == ["atomic: 1, 2, 3"])
        #expect(!rig.machine.isBusy)
    }

    @Test func `prepares what its connection has not seen, each statement once`() {
        var rig = PipelineRig()
        rig.send(.write, "b")
        #expect(rig.sendAtomically(["a", "b", "a"]) == ["a"])
        #expect(rig.sendAtomically(["a", "b", "c"]) == ["c"])
    }

    @Test(arguments: 0..<3) func `fails as a whole with the first statement that fails`(index: Int) {
        var rig = PipelineRig()
        rig.send(.write, "a", "b", "c")
        rig.succeed("prepared", "1", "prepared", "2", "prepared", "3")
        rig.receive(.sync)
        rig.sendAtomically(["a", "b", "c"])
        for _ in 0..<index { rig.succeed("done") }
        rig.receive(.error(.uniqueViolation), .end)
        for _ in (index + 1)..<3 { rig.receive(.aborted, .end) }
        rig.receive(.sync)
        #expect(rig.log.last == "atomic! 23505 in statement \(index)")
        #expect(!rig.machine.isBusy)
    }

    @Test func `fails when one cannot be prepared, and what was aborted is not prepared either`() {
        var rig = PipelineRig()
        rig.sendAtomically(["a", "wrong", "c"])
        rig.succeed("prepared", "1")
        rig.receive(.error(.syntaxError), .end, .aborted, .end, .aborted, .end, .aborted, .end, .sync)
        #expect(rig.log == ["atomic! 42601 in statement 1"])
        #expect(rig.sendAtomically(["a", "wrong", "c"]) == ["wrong", "c"])
    }

    @Test func `fails with the error of the commit, which no statement owns`() {
        var rig = PipelineRig()
        rig.sendAtomically(["a", "b"])
        rig.succeed("prepared", "1", "prepared", "2")
        rig.receive(.error(.uniqueViolation), .end)
        #expect(rig.log == [], "the Sync is still to come")
        rig.receive(.sync)
        #expect(rig.log == ["atomic! 23505"])
    }

    @Test func `does not disturb its neighbours`() {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.sendAtomically(["a", "b"])
        rig.succeed("prepared", "0")
        rig.receive(.sync)
        rig.receive(.rows("prepared"), .end, .error(.uniqueViolation), .end, .aborted, .end, .aborted, .end, .sync)
        rig.send(.write, "insert")
        rig.sendAtomically(["a"])
        rig.succeed("4")
        rig.receive(.sync)
        rig.succeed("5")
        rig.receive(.sync)
        #expect(rig.log == ["insert: 0", "atomic! 23505 in statement 0", "insert: 4", "atomic: 5"])
    }

    @Test(arguments: [PipelineReply<String>.planChanged, .error(.invalidStatementName)])
    func `of which a statement is stale is sent again as a whole`(reply: PipelineReply<String>) {
        var rig = PipelineRig()
        rig.sendAtomically(["a", "b", "c"])
        rig.succeed("prepared", "1", "prepared")
        rig.receive(reply, .end, .rows("prepared"), .end, .aborted, .end)
        #expect(rig.log == [], "the Sync is still to come")
        rig.receive(.sync)
        #expect(rig.log == ["atomic again"])
        #expect(rig.sendAtomically(rig.returned[0], ["a", "b", "c"]) == ["b", "c"], "the last may be stale as well")
        rig.succeed("1", "prepared", "2", "prepared", "3")
        rig.receive(.sync)
        #expect(rig.log == ["atomic again", "atomic: 1, 2, 3"])
    }

    @Test func `that a server refuses because it has become read-only is made elsewhere`() {
        var rig = PipelineRig(leavesReadOnlyServers: true)
        rig.sendAtomically(["a"])
        rig.receive(.rows("prepared"), .end, .error(.readOnlyTransaction), .end, .sync)
        #expect(rig.log == ["atomic again"])
        #expect(rig.machine.isDemoted)
    }

    @Test(arguments: [PipelineReply<String>.began("BEGIN"), .unsupported])
    func `that makes its connection unusable is unknown, and so is what is behind it`(
        reply: PipelineReply<String>
    ) {
        var rig = PipelineRig()
        rig.sendAtomically(["a", "b"])
        rig.send(.write, "insert")
        rig.succeed("prepared", "1", "prepared")
        rig.receive(reply)
        #expect(rig.closed?.code == .connectionLost)
        rig.lose()
        #expect(rig.log == ["atomic! outcomeUnknown", "insert! outcomeUnknown"])
    }
}

struct `An atomic request that ends early` {
    @Test func `is unknown when the connection is lost before its Sync`() {
        var rig = PipelineRig()
        rig.sendAtomically(["a", "b"])
        rig.succeed("prepared", "1", "prepared", "2")
        rig.lose()
        #expect(rig.log == ["atomic! outcomeUnknown"])
        #expect(!rig.machine.isBusy)
    }

    @Test func `has failed if one of its statements had, though the connection is lost`() {
        var rig = PipelineRig()
        rig.sendAtomically(["a", "b"])
        rig.sendAtomically(["a"], id: 1)
        rig.receive(.rows("prepared"), .end, .error(.uniqueViolation), .end)
        rig.lose()
        #expect(rig.log == ["atomic! 23505 in statement 0", "atomic! outcomeUnknown"])
    }

    @Test func `leaves its place to nobody when its task is cancelled`() {
        var rig = PipelineRig()
        let id = RequestID(rawValue: 7)
        rig.sendAtomically(["a", "b"], id: 7)
        rig.sendAtomically(["a"])
        rig.succeed("prepared", "1")
        #expect(rig.machine.abandon(id) != nil)
        #expect(rig.machine.abandon(id) == nil)
        rig.receive(.rows("prepared"), .end, .error(.divisionByZero), .end, .sync)
        rig.succeed("2")
        rig.receive(.sync)
        #expect(rig.log == ["atomic: 2"])
    }

    @Test func `is unknown when its time is over`() {
        var rig = PipelineRig()
        rig.sendAtomically(["a"], id: 7, time: 10)
        #expect(rig.machine.nextDeadline.milliseconds == 10)
        rig.expire(at: 9)
        #expect(rig.log == [])
        rig.expire(at: 10)
        #expect(rig.log == ["atomic! outcomeUnknown"])
        rig.succeed("prepared", "1")
        rig.receive(.sync)
        #expect(rig.log == ["atomic! outcomeUnknown"])
        #expect(rig.machine.nextDeadline == .never)
    }

    @Test func `has failed if one of its statements had, though its time is over`() {
        var rig = PipelineRig()
        rig.sendAtomically(["a"], id: 7, time: 10)
        rig.receive(.rows("prepared"), .end, .error(.uniqueViolation), .end)
        rig.expire(at: 10)
        #expect(rig.log == ["atomic! 23505 in statement 0"])
    }
}
