import PostgresTesting
import Testing

@testable import LibPQ

@Suite(.timeLimit(.minutes(2)))
struct `The meaning of a SQLSTATE` {
    @Test(arguments: [
        ("08006", SQLState.Meaning.session), ("25006", .session), ("57P01", .session), ("57P03", .session),
        ("25P03", .session), ("57P05", .session), ("40001", .conflict), ("40P01", .conflict), ("57014", .busy),
        ("53100", .busy), ("53200", .busy), ("53300", .busy), ("55P03", .busy), ("55006", .busy), ("58030", .busy),
        ("22P02", .value), ("23505", .value), ("54000", .value), ("P0001", .value), ("28P01", .access),
        ("3D000", .access), ("42501", .access), ("42P01", .program), ("25P02", .program), ("0A000", .program),
        ("XX001", .server), ("F0000", .server), ("RD001", .program), ("", .program),
    ])
    func `is in one table`(state: String, meaning: SQLState.Meaning) {
        #expect(SQLState(rawValue: state).meaning == meaning)
    }

    @Test func `is decided for every class that the server lists`() async throws {
        let database = TestDatabase.administrative(of: try await TestServer.first.cluster)
        let list = try await database.withClient {
            try await $0.value(
                String.self, "SELECT pg_read_file(setting || '/errcodes.txt') FROM pg_config WHERE name = 'SHAREDIR'")
        }
        let states = list.split(separator: "\n").compactMap { line -> Substring? in
            let state = line.prefix(5)
            return state.allSatisfy { $0.isNumber || $0.isUppercase } && line.dropFirst(5).first == " " ? state : nil
        }
        #expect(states.count > 200)
        for state in states { #expect(SQLState.classes[state.prefix(2)] != nil, "\(state)") }
    }
}

struct `A session that can serve nobody any more` {
    @Test(arguments: ["08006", "57P01", "25P03"])
    func `is given up, and a refused write goes elsewhere`(state: String) {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.receive(.rows("prepared"), .end, .error(SQLState(rawValue: state)), .end, .sync)
        #expect(rig.machine.hasLostSession)
        #expect(!rig.machine.isDemoted)
        #expect(rig.log == ["insert again"])
    }

    @Test(arguments: ["57014", "53200", "55P03", "40001", "23505"])
    func `is not what another failure means`(state: String) {
        var rig = PipelineRig()
        rig.send(.write, "insert")
        rig.receive(.rows("prepared"), .end, .error(SQLState(rawValue: state)), .end, .sync)
        #expect(!rig.machine.hasLostSession)
        #expect(rig.log == ["insert! \(state)"])
    }
}
