import Testing

@testable import LibPQ

struct `A batch of reads` {
    @Test func `answers each read as soon as its result is there`() {
        var rig = PipelineRig()
        rig.send(.read, "a", "b")
        rig.receive(.rows("prepared"), .end, .rows("1"))
        #expect(rig.log == ["a: 1"])
        rig.receive(.end, .rows("prepared"), .end, .rows("2"), .end)
        #expect(rig.log == ["a: 1", "b: 2"])
        #expect(rig.machine.isBusy, "the Sync is still to come, and no NULL after it")
        rig.receive(.sync)
        #expect(!rig.machine.isBusy)
        #expect(rig.machine.groupsInFlight == 0)
    }

    @Test func `prepares a statement once, also when it is used again before that is confirmed`() {
        var rig = PipelineRig()
        #expect(rig.send(.read, "a", "a", "b") == ["a", "b"])
        #expect(rig.send(.read, "a", "b") == [])
    }

    @Test func `that fails in the middle sends again what came after, and only that`() {
        var rig = prepared("a", "b", "c")
        rig.send(.read, "a", "b", "c")
        rig.receive(.rows("1"), .end, .error(.divisionByZero), .end, .aborted, .end, .sync)
        #expect(rig.log == ["a: 1", "b! 22012", "c again"])
        #expect(rig.closed == nil)
    }

    @Test func `isolates a read that its neighbours have failed twice`() {
        var rig = prepared("a", "b")
        var read = PipelineRig.Query("b", .read)
        for expected in [false, true] {
            rig.send([PipelineRig.Query("a", .read), read])
            rig.receive(.error(.divisionByZero), .end, .aborted, .end, .sync)
            read = rig.returned.last ?? read
            #expect(read.attempts.needsIsolation == expected)
        }
    }

    @Test func `fails all uses of a statement that cannot be prepared, and none of the others`() {
        var rig = PipelineRig()
        rig.send(.read, "bad", "bad", "good")
        rig.receive(
            .error(.syntaxError), .end, .aborted, .end, .aborted, .end, .aborted, .end, .aborted, .end, .sync)
        #expect(rig.log == ["bad! 42601", "bad! 42601", "good again"])
        #expect(rig.send(.read, "good", "bad") == ["good", "bad"], "neither was prepared")
    }

    @Test func `prepares again what the server has lost, and sends the read again`() {
        var rig = prepared("a")
        rig.send(.read, "a")
        rig.receive(.error(.invalidStatementName), .end, .sync)
        #expect(rig.log == ["a again"])
        #expect(rig.send(rig.returned) == ["a"])
        rig.succeed("prepared", "1")
        #expect(rig.log == ["a again", "a: 1"])
    }

    @Test func `prepares again what returns other columns since the table was changed`() {
        var rig = prepared("a")
        rig.send(.read, "a", "a")
        rig.receive(.planChanged, .end, .aborted, .end, .sync)
        #expect(rig.log == ["a again", "a again"])
        #expect(rig.send(rig.returned) == ["a"])
    }

    @Test func `reports what is not supported for other reasons than a changed table`() {
        var rig = prepared("a")
        rig.send(.read, "a")
        rig.receive(.error(.featureNotSupported), .end, .sync)
        #expect(rig.log == ["a! 0A000"])
    }

    @Test func `gives up a statement that is stale again and again`() {
        var rig = prepared("a")
        rig.send(.read, "a")
        rig.receive(.planChanged, .end, .sync)
        for _ in 0..<2 {
            rig.send([rig.returned[rig.returned.count - 1]])
            rig.receive(.rows("prepared"), .end, .planChanged, .end, .sync)
        }
        #expect(rig.log == ["a again", "a again", "a! 0A000"])
    }

    @Test func `does not forget what was prepared again when an older use of it fails`() {
        var rig = prepared("a")
        rig.send(.read, "a")
        rig.send(.read, "a")
        rig.receive(.planChanged, .end, .sync)
        #expect(rig.send(.read, "a") == ["a"])
        rig.receive(.planChanged, .end, .sync)
        #expect(rig.send(.read, "a") == [], "the third batch has prepared it already")
    }

    /// A rig that has prepared the statements.
    private func prepared(_ statements: String...) -> PipelineRig {
        var rig = PipelineRig()
        for statement in statements {
            _ = rig.machine.append(PipelineRig.Query(statement, .read, id: 99))
            _ = rig.machine.abandon(RequestID(rawValue: 99))
            rig.succeed("prepared", "ignored")
        }
        return rig
    }
}
