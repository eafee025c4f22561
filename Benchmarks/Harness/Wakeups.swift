import FoundationEssentials
import Glibc

/// How often the threads of a process have slept and were woken.
enum Wakeups {
    /// Voluntary changes of context of all threads that live (`/proc/<id>/task/<thread>/status`, proc(5)).
    static func made(by process: pid_t) throws -> Int {
        let tasks = "/proc/\(process)/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).reduce(0) { sum, thread in
            let status = (try? String(contentsOfFile: "\(tasks)/\(thread)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
            return sum + (line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0)
        }
    }
}
