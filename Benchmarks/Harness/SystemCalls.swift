import FoundationEssentials
import Glibc

/// The system calls that a process made, by name, as strace counts them.
struct SystemCalls: Sendable {
    private var counts: [String: Int] = [:]

    var total: Int { counts.values.reduce(0, +) }

    subscript(name: String) -> Int { counts[name] ?? 0 }

    /// Counts while `body` runs. It slows the process down: measure nothing else meanwhile.
    ///
    /// - Returns: what `body` returned, and no calls where there is no strace or it may not look into the process.
    static func made<Answer>(
        by process: pid_t, counting file: String, _ body: () async throws -> Answer
    ) async throws -> (calls: SystemCalls?, answer: Answer) {
        try? FileManager.default.removeItem(atPath: file)
        let strace = "strace -f -q -c -o \(file) -p \(process) >/dev/null 2>&1 </dev/null & echo $!"
        let started = try await Program(path: "/bin/sh").run(["-c", strace])
        guard let tracer = pid_t(started.filter(\.isNumber)) else { return (nil, try await body()) }
        // To attach to all threads takes a moment.
        try await Task.sleep(for: .seconds(1))
        let answer = try await body()
        // It lets go of the process, and writes its table.
        kill(tracer, SIGTERM)
        for _ in 0..<100 where kill(tracer, 0) == 0 { try await Task.sleep(for: .milliseconds(100)) }
        guard let table = try? String(contentsOfFile: file, encoding: .utf8) else { return (nil, answer) }
        let calls = SystemCalls(table: table)
        return (calls.total == 0 ? nil : calls, answer)
    }

    /// - Parameter table: `% time, seconds, usecs/call, calls, errors or nothing, syscall`, and a total at its end.
    private init(table: String) {
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 5, let count = Int(words[3]), let name = words.last, name != "total" else { continue }
            counts[String(name)] = count
        }
    }
}
