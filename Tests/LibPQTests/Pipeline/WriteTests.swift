import Testing

@testable import LibPQ

struct `A write` {
    @Test func `is answered when its Sync is back, not when its command is complete`() {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.succeed("prepared", "done")
        #expect(rig.log == [])
        rig.receive(.sync)
        #expect(rig.log == ["insert: done"])
    }

    @Test func `fails with the error of the commit, which no statement owns`() {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.send(.write, "update")
        rig.succeed("prepared", "done")
        rig.receive(.error(.uniqueViolation), .end)
        #expect(rig.log == [], "the Sync is still to come")
        rig.receive(.sync)
        rig.succeed("prepared", "done")
        rig.receive(.sync)
        #expect(rig.log == ["insert! 23505", "update: done"])
    }

    @Test func `does not fail the next one`() {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.send(.write, "insert")
        rig.receive(.rows("prepared"), .end, .error(.uniqueViolation), .end, .sync, .rows("done"), .end, .sync)
        #expect(rig.log == ["insert! 23505", "insert: done"])
    }

    @Test func `reports that it could not be prepared`() {
        var rig = PipelineRig()
        rig.send(.write, "insrt")
        rig.receive(.error(.syntaxError), .end, .aborted, .end, .sync)
        #expect(rig.log == ["insrt! 42601"])
    }

    @Test(arguments: [PipelineReply<String>.planChanged, .error(.invalidStatementName)])
    func `that was refused because its statement is stale is sent again`(reply: PipelineReply<String>) {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.receive(.rows("prepared"), .end, reply, .end, .sync)
        #expect(rig.log == ["insert again"])
        #expect(rig.send(rig.returned) == ["insert"])
    }

    @Test func `that begins a transaction is refused, with the connection`() {
        var rig = PipelineRig()
        rig.send(.write, "begin")
        rig.send(.write, "insert")
        rig.receive(.rows("prepared"), .end, .began("BEGIN"))
        #expect(rig.log == ["begin! unsupported"])
        #expect(rig.closed?.code == .connectionLost)
        rig.lose()
        #expect(rig.log == ["begin! unsupported", "insert! outcomeUnknown"])
    }

    @Test func `that copies is refused, with the connection`() {
        var rig = PipelineRig()
        rig.send(.write, "copy")
        rig.receive(.rows("prepared"), .end, .unsupported)
        #expect(rig.log == ["copy! unsupported"])
        #expect(rig.closed != nil)
    }
}

struct `A transaction's group` {
    @Test func `is answered at its Sync, statement by statement`() {
        var rig = PipelineRig(isShared: false)
        rig.send(.transactional, "begin", "insert")
        rig.receive(.rows("prepared"), .end, .began("BEGIN"), .end, .rows("prepared"), .end, .rows("done"), .end, .sync)
        #expect(rig.log == ["begin: BEGIN", "insert: done"])
    }

    @Test func `reports a failed BEGIN to the statement behind it`() {
        var rig = PipelineRig(isShared: false)
        rig.send(.transactional, "begin", "insert")
        rig.receive(
            .rows("prepared"), .end, .error(.readOnlyTransaction), .end, .aborted, .end, .aborted, .end, .sync)
        #expect(rig.log == ["begin! 25006", "insert! 25006"])
    }

    @Test func `is not sent again when a statement is stale: the transaction has failed`() {
        var rig = PipelineRig(isShared: false)
        rig.send(.transactional, "insert")
        rig.receive(.rows("prepared"), .end, .planChanged, .end, .sync)
        #expect(rig.log == ["insert! 0A000"])
        #expect(rig.send(.transactional, "insert") == ["insert"], "but the next use prepares again")
    }
}
