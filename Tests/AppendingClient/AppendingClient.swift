import AppendWorkload
import EventSourcing
import EventSourcingPostgres
import Glibc
import LibPQ

/// Appends until it is killed, and says what was acknowledged.
///
/// Arguments: socket directory, port, user, database, seed, round, how many writers.
@main struct AppendingClient {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 8, let port = Int(arguments[2]), let seed = UInt64(arguments[5]),
            let round = Int(arguments[6]), let writers = Int(arguments[7])
        else { fatalError("seven arguments are needed") }
        let client = PostgresClient(
            PostgresConfiguration(
                hosts: [.init(arguments[1], port: port)], username: arguments[3], database: arguments[4]))
        let store = PostgresEventStore(client, appended: PositionSignal())
        try await withThrowingTaskGroup { group in
            for number in 0..<writers {
                group.addTask { try await write(Writer(seed: seed, round: round, number: number), number, to: store) }
            }
            try await group.waitForAll()
        }
    }

    private static func write(_ writer: Writer, _ number: Int, to store: PostgresEventStore) async throws {
        var writer = writer
        var count = 0
        while true {
            let outcome = try await store.appendUntilAcknowledged(try writer.next())
            say(Acknowledgement(writer: number, number: count, outcome: outcome).line)
            count += 1
        }
    }

    /// In one system call: the kernel takes a line of a pipe whole or not at all.
    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
