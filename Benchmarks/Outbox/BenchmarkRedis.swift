import BullMQ
import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// A private redis-server, with what it keeps in memory only.
struct BenchmarkRedis: Sendable {
    let socket: String
    let client: RedisClient

    static let queueName = "benchmark"
    private static let python = ".venv-bullmq6/bin/python"
    private static let script = "Benchmarks/peers/bullmq_peer.py"

    /// Runs a server while `body` runs.
    static func running<Answer: Sendable>(
        on bench: Bench, _ body: @Sendable (BenchmarkRedis) async throws -> Answer
    ) async throws -> Answer {
        // The path of a socket is at most 107 bytes long, which those of a project's folder may exceed.
        let socket = "/tmp/invoices-benchmark-\(getpid()).sock"
        let result = try await Subprocess.run(
            .name("redis-server"),
            arguments: ["--port", "0", "--unixsocket", socket, "--dir", bench.directory, "--save", ""],
            input: .none, output: .discarded, error: .discarded
        ) { execution in
            defer { kill(execution.processIdentifier.value, SIGKILL) }
            let client = try RedisClient(.bullMQ(RedisURL("unix://\(socket)")))
            let answer: Answer
            do {
                answer = try await body(BenchmarkRedis(socket: socket, client: client))
            } catch {
                await client.close()
                throw error
            }
            await client.close()
            return answer
        }
        try? FileManager.default.removeItem(atPath: socket)
        return result.closureResult
    }

    var queue: BullMQQueue { get throws { try BullMQQueue(Self.queueName, client: client) } }

    func empty() async throws { _ = try await client.send(RedisCommand("FLUSHALL", "SYNC")) }

    /// Runs a mode of the peer in Python, which prints a number of jobs and the seconds that they took.
    func peer(_ arguments: String...) async throws -> Measurement {
        let output = try await Program(path: Self.python).run([Self.script, socket, Self.queueName] + arguments)
        let words = output.split { $0 == " " || $0 == "\n" }
        guard words.count == 2, let count = Int(words[0]), let seconds = Double(words[1]) else {
            throw ProgramFailed(path: Self.script, output: output)
        }
        return Measurement(count: count, seconds: seconds)
    }
}

extension BullMQJob {
    /// A job as an event of an invoice becomes one: 600 bytes of data, three attempts, kept for a day.
    static func sample(_ id: String) -> BullMQJob {
        let data = #"{"eventId":"\#(id)","type":"InvoiceCreated","payload":{"note":"\#(note)"},"metadata":{}}"#
        return BullMQJob(id: id, name: "InvoiceCreated", data: data, options: sampleOptions)
    }

    private static let note = String(repeating: "x", count: 500)
    private static let sampleOptions = {
        var options = BullMQJobOptions()
        options.attempts = 3
        options.backoff = BullMQBackoff(.exponential, .seconds(1))
        options.removeOnComplete = .age(.seconds(86_400))
        return options
    }()
}
