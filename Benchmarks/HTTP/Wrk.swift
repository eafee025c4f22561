import FoundationEssentials

/// The load generator wrk: connections, 64 unless said otherwise, each with one request at a time.
struct Wrk: Sendable {
    private static let script = "Benchmarks/wrk/requests.lua"

    /// Sends requests to a server.
    ///
    /// - Parameters:
    ///   - requests: the path of a file; see the script.
    ///   - connections: how many requests are under way at a time.
    ///   - once: whether each request may be sent only once; it is then an error when they do not suffice.
    /// - Throws: ``ProgramFailed`` when there was an answer other than success.
    static func run(
        _ requests: String, connections: Int = 64, once: Bool = false, on server: HTTPServer, seconds: Int
    ) async throws -> Measurement {
        let threads = min(2, connections)
        let output = try await Program(path: "/usr/bin/env").run([
            "wrk", "--threads", "\(threads)", "--connections", "\(connections)", "--duration", "\(seconds)s",
            "--timeout", "30s",
            "--script", script, "http://127.0.0.1:\(server.port)", "--", requests, "\(threads)",
            once ? "once" : "again",
        ])
        var latencies = Histogram()
        var result: [Double] = []
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first == "result" { result = words.dropFirst().compactMap { Double($0) } }
            guard words.first == "latency", words.count == 3, let microseconds = UInt64(words[1]),
                let times = Int(words[2])
            else { continue }
            latencies.record(nanoseconds: microseconds * 1_000, times: times)
        }
        guard result.count == 3, result[0] > 0, result[2] == 0 else { throw ProgramFailed(path: "wrk", output: output) }
        try await server.requireNoComplaints()
        return Measurement(count: Int(result[0]), seconds: result[1] / 1e6, latencies: latencies)
    }
}
