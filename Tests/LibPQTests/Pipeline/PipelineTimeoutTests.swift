import Testing

@testable import LibPQ

struct `The time of a request that was sent` {
    private typealias Query = PipelineRig.Query

    @Test func `is over for itself only, and its reply is dropped`() {
        var rig = PipelineRig()
        rig.send([Query("a", .read, id: 1, time: 10), Query("b", .read, id: 2, time: 20), Query("c", .read, id: 3)])
        rig.expire(at: 9)
        #expect(rig.log == [])
        rig.expire(at: 10)
        #expect(rig.log == ["a! timeout"])
        #expect(rig.machine.isAwaited)
        rig.succeed("prepared", "1", "prepared", "2", "prepared", "3")
        rig.receive(.sync)
        #expect(rig.log == ["a! timeout", "b: 2", "c: 3"])
        #expect(!rig.machine.isBusy)
    }

    @Test(arguments: [RequestPolicy.write, .commit])
    func `makes the outcome of a write unknown`(policy: RequestPolicy) {
        var rig = PipelineRig(isShared: false)
        rig.send([Query("insert", policy, id: 1, time: 10)])
        rig.succeed("prepared", "done")
        rig.expire(at: 11)
        #expect(rig.log == ["insert! outcomeUnknown"])
        #expect(!rig.machine.isAwaited)
        #expect(rig.machine.isBusy, "its Sync is still to come")
    }

    @Test func `does not hide that a write has failed`() {
        var rig = PipelineRig()
        rig.send([Query("insert", .write, id: 1, time: 10)])
        rig.receive(.rows("prepared"), .end, .error(.uniqueViolation), .end)
        rig.expire(at: 10)
        #expect(rig.log == ["insert! 23505"])
        rig.receive(.sync)
        #expect(rig.log == ["insert! 23505"])
    }

    @Test func `means rollback in a transaction`() {
        var rig = PipelineRig(isShared: false)
        rig.send([Query("update", .transactional, id: 1, time: 10)])
        rig.expire(at: 10)
        #expect(rig.log == ["update! timeout"])
    }

    @Test func `is looked after when the next one is due`() {
        var rig = PipelineRig()
        #expect(rig.machine.nextDeadline == .never)
        rig.send([Query("a", .read, id: 1, time: 30), Query("b", .read, id: 2, time: 20)])
        #expect(rig.machine.nextDeadline.milliseconds == 20)
        rig.expire(at: 25)
        #expect(rig.machine.nextDeadline.milliseconds == 30)
        rig.expire(at: 30)
        #expect(rig.machine.nextDeadline == .never)
    }

    @Test func `is not looked after once everything is answered`() {
        var rig = PipelineRig()
        rig.send([Query("a", .read, id: 1, time: 30)])
        rig.receive(.rows("prepared"), .end, .rows("1"), .end)
        #expect(rig.machine.nextDeadline.milliseconds == 30, "its Sync is still to come")
        rig.receive(.sync)
        #expect(rig.machine.nextDeadline == .never)
        rig.send([Query("a", .read, id: 2, time: 50)])
        #expect(rig.machine.nextDeadline.milliseconds == 50)
    }
}

struct `The time of a request that waits` {
    private typealias Query = PipelineRig.Query

    @Test func `is over for itself only`() {
        var queue = RequestQueue<Query>(limit: 10)
        for (id, time) in [(1, 30), (2, 10), (3, 20)] as [(UInt64, Int64)] {
            let isAccepted = queue.append(Query("q\(id)", .read, id: id, time: time))
            #expect(isAccepted)
        }
        var late: [Query] = []
        queue.expire(at: CoarseInstant(milliseconds: 9), into: &late)
        #expect(late == [])
        queue.expire(at: CoarseInstant(milliseconds: 20), into: &late)
        #expect(late.map(\.description) == ["q2", "q3"])
        #expect(queue.nextDeadline.milliseconds == 30)
        var taken: [Query] = []
        queue.take(5, into: &taken)
        #expect(taken.map(\.description) == ["q1"])
        #expect(queue.nextDeadline == .never)
        queue.prepend(taken)
        #expect(queue.nextDeadline.milliseconds == 30)
    }
}
