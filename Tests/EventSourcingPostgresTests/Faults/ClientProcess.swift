import AppendWorkload
import EmbeddedPostgres
import EventSourcing
import FoundationEssentials
import Glibc
import PostgresTesting
import Subprocess
import SystemPackage

/// The program `AppendingClient`, as it lies beside the tests.
enum ClientProcess {
    /// Lets a process write, and kills it when it has said of so many appends that they are acknowledged.
    ///
    /// - Returns: what it said; open is the append that each of its writers was at.
    static func run(
        seed: UInt64, round: Int, on cluster: EmbeddedPostgres, _ database: String
    ) async throws -> Ledger {
        var random = SplitMix64(seed: seed &+ UInt64(round))
        let writers = Int.random(in: 8...16, using: &random)
        let end = Int.random(in: 1...150, using: &random)
        let arguments = [
            cluster.socketDirectory, "\(cluster.port)", cluster.username, database, "\(seed)", "\(round)", "\(writers)",
        ]
        let result = try await Subprocess.run(
            .path(.program("AppendingClient")), arguments: Arguments(arguments), input: .none, output: .sequence,
            error: .discarded
        ) { execution in
            let process = execution.processIdentifier.value
            var told: [Acknowledgement] = []
            for try await line in execution.standardOutput.strings() {
                guard let acknowledgement = Acknowledgement(line: line) else { continue }
                told.append(acknowledgement)
                if told.count == end { kill(process, SIGKILL) }
            }
            return told
        }
        return try ledger(of: result.closureResult, seed: seed, round: round, writers: writers)
    }

    private static func ledger(
        of told: [Acknowledgement], seed: UInt64, round: Int, writers: Int
    ) throws -> Ledger {
        var ledger = Ledger()
        for number in 0..<writers {
            var writer = try Writer(seed: seed, round: round, number: number)
            for acknowledgement in told where acknowledgement.writer == number {
                ledger.acknowledged.append((try writer.next(), acknowledgement.outcome))
            }
            ledger.open.append(try writer.next())
        }
        return ledger
    }

}
