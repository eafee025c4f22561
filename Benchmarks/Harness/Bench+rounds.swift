import Glibc

/// One of several that do the same work in turn.
struct Contender {
    let name: String
    /// The process whose CPU time is the client's, where it is not this program that works; it outlives the run.
    let program: pid_t?
    let run: () async throws -> Measurement

    init(_ name: String, program: pid_t? = nil, run: @escaping () async throws -> Measurement) {
        self.name = name
        self.program = program
        self.run = run
    }
}

extension Bench {
    /// Lets all contenders run in turn, several times, so that what disturbs the machine for a while disturbs all of
    /// them; of each the run of the median rate counts.
    func rounds(_ contenders: [Contender]) async throws -> [String: Measurement] {
        var runs: [String: [Measurement]] = [:]
        for round in 1...effort.rounds {
            for contender in contenders where effort.row.map(contender.name.contains) ?? true {
                let run = try await measure(contender)
                progress("round \(round)/\(effort.rounds)  \(contender.name)  \(run.rate.grouped)/s")
                runs[contender.name, default: []].append(run)
            }
        }
        return runs.mapValues { $0.sorted { $0.rate < $1.rate }[$0.count / 2] }
    }

    private func measure(_ contender: Contender) async throws -> Measurement {
        let before = try CPUTime.used(by: server, for: contender.program)
        var measurement = try await contender.run()
        measurement.cpu = try CPUTime.used(by: server, for: contender.program) - before
        return measurement
    }

    /// A line for whoever waits.
    func progress(_ line: String) {
        let line = Array("    \(line)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
