import FoundationEssentials
import Testing

/// The engine in many thousand histories; `SIMULATION_SEEDS` says how many, `SIMULATION_SEED` repeats a single one.
@Suite(.timeLimit(.minutes(10))) struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds: Range<UInt64> =
        environment["SIMULATION_SEED"].flatMap(UInt64.init).map { $0..<($0 + 1) }
        ?? 0..<(environment["SIMULATION_SEEDS"].flatMap(UInt64.init) ?? 20_000)

    @Test(arguments: [0, 1])
    func `every event is applied exactly once and in order, whatever fails`(_ half: UInt64) async {
        for seed in Self.seeds where seed % 2 == half || Self.seeds.count == 1 {
            // Other tests run beside this one.
            await Task.yield()
            let violations = Simulation(seed: seed).run().violations
            #expect(violations == [], "seed \(seed)")
            if !violations.isEmpty { return }
        }
    }

    @Test(arguments: SimulatedReadDatabase.Mistake.allCases)
    func `a mistake of the target is found`(_ mistake: SimulatedReadDatabase.Mistake) {
        let found = (0..<20_000 as Range<UInt64>).first { seed in
            !Simulation(seed: seed, making: mistake).run().violations.isEmpty
        }
        #expect(found != nil)
    }

    @Test func `a seed determines the history`() {
        for seed in 0..<20 as Range<UInt64> {
            let commits = Simulation(seed: seed).run().commits
            #expect(!commits.isEmpty)
            #expect(Simulation(seed: seed).run().commits == commits)
        }
    }
}
