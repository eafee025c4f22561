import Testing

@testable import LibPQ

struct `The order of servers` {
    private let now = ContinuousClock.now
    private let hosts: [PostgresConfiguration.Host] = [.init("a"), .init("b"), .init("c")]

    @Test func `is that of the configuration`() {
        #expect(order(.readWrite).candidates(at: now).map(\.host) == hosts)
        #expect(order(.readWrite).candidates(at: now).allSatisfy { $0.attributes == .readWrite })
    }

    @Test func `puts one that did not answer to the end for half a minute`() {
        var order = order(.any)
        order.didNotAnswer(hosts[0], at: now)
        #expect(names(order, after: .seconds(29)) == ["b", "c", "a"])
        #expect(names(order, after: .seconds(30)) == ["a", "b", "c"])
        order.didNotAnswer(hosts[1], at: now)
        order.answered(hosts[0])
        #expect(names(order, after: .zero) == ["a", "c", "b"])
    }

    @Test func `goes round again for any server where a standby is only preferred`() {
        let candidates = order(.preferStandby).candidates(at: now)
        #expect(candidates.map(\.host) == hosts + hosts)
        #expect(candidates.map(\.attributes) == [.standby, .standby, .standby, .any, .any, .any])
    }

    @Test func `gives each an equal share of the time that is left, and tells what all have said`() {
        var attempt = ConnectionAttempt(order(.any).candidates(at: now), until: now + .seconds(6))
        #expect(attempt.share(at: now) == .seconds(2))
        let goesOn = ["refused", "silent"].map { attempt.failed(PostgresError(.connection, $0)) }
        #expect(goesOn == [true, true])
        #expect(attempt.candidate?.host == hosts[2])
        #expect(attempt.share(at: now + .seconds(1)) == .seconds(5))
        let end = attempt.failed(PostgresError(.connection, "standby"))
        #expect(!end)
        #expect(attempt.error.message == "refused; silent; standby")
    }

    private func order(_ attributes: PostgresConfiguration.TargetSessionAttributes) -> ServerOrder {
        ServerOrder(
            PostgresConfiguration(hosts: hosts, username: "u", database: "d", targetSessionAttributes: attributes))
    }

    private func names(_ order: ServerOrder, after time: Duration) -> [String] {
        order.candidates(at: now + time).map(\.host.name)
    }
}

struct `A server that takes no writes any more` {
    @Test func `is left, and its writes go elsewhere`() {
        var rig = PipelineRig(leavesReadOnlyServers: true)
        rig.send(.write, "insert")
        rig.receive(.rows("prepared"), .end, .error(.readOnlyTransaction), .end, .sync)
        #expect(rig.machine.isDemoted)
        #expect(rig.log == ["insert again"])
    }

    @Test func `is not meant when the client did not ask for one that does`() {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.receive(.rows("prepared"), .end, .error(.readOnlyTransaction), .end, .sync)
        #expect(!rig.machine.isDemoted)
        #expect(rig.log == ["insert! 25006"])
    }

    @Test func `fails a transaction, which only its caller can make again`() {
        var rig = PipelineRig(isShared: false, leavesReadOnlyServers: true)
        rig.send(.transactional, "insert")
        rig.receive(.rows("prepared"), .end, .error(.readOnlyTransaction), .end, .sync)
        #expect(rig.machine.isDemoted)
        #expect(rig.log == ["insert! 25006"])
    }
}
