import EmbeddedPostgres
import FoundationEssentials
import Glibc

/// Seconds of CPU that a client and the server have used, in user mode and in the kernel.
struct CPUTime: Sendable {
    /// Of this process and of those that it started and that have ended: ours as well as another program's. Of another
    /// process and its children where that is the one that works.
    var client: Double
    /// Of all the server's processes, those that have ended included.
    var server: Double

    /// What was used until now.
    ///
    /// - Parameter program: the client, if it is not this process.
    static func used(by server: EmbeddedPostgres, for program: pid_t? = nil) throws -> CPUTime {
        CPUTime(
            client: try program.map(seconds(ofFamily:))
                ?? seconds(ofProcesses: RUSAGE_SELF) + seconds(ofProcesses: RUSAGE_CHILDREN),
            server: try seconds(ofFamily: server.processID))
    }

    static func - (left: CPUTime, right: CPUTime) -> CPUTime {
        CPUTime(client: left.client - right.client, server: left.server - right.server)
    }

    private static func seconds(ofProcesses who: __rusage_who) -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(who.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// Of a process and its children.
    private static func seconds(ofFamily parent: pid_t) throws -> Double {
        let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init)
        let ticks = processes.compactMap(ProcessStatus.init).reduce(0) { sum, process in
            if process.id == parent { return sum + process.ticks + process.ticksOfEndedChildren }
            return process.parent == parent ? sum + process.ticks : sum
        }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// What the kernel tells of a process in `/proc/<id>/stat` (proc(5)).
private struct ProcessStatus {
    let id: Int32
    let parent: Int32
    let ticks: Int
    let ticksOfEndedChildren: Int

    /// nil when there is no such process any more.
    init?(_ id: Int32) {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            // The name of the program stands in parentheses and may hold anything; numbers follow it.
            let nameEnd = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[nameEnd...].split(separator: " ").map { Int($0) ?? 0 }
        guard fields.count > 15 else { return nil }
        self.id = id
        parent = Int32(fields[2])
        ticks = fields[12] + fields[13]
        ticksOfEndedChildren = fields[14] + fields[15]
    }
}
