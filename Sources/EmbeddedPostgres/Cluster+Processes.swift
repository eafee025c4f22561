import FoundationEssentials
import Glibc

extension Cluster {
    var postmasterFile: String { dataDirectory + "/postmaster.pid" }

    /// The PostgreSQL processes that work in the data directory: a server and its backends have it as their working
    /// directory. Unlike the number in `postmaster.pid`, this cannot mean a process that came later.
    func serverProcesses() -> [pid_t] {
        guard let data = FileStatus(of: dataDirectory) else { return [] }
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { pid_t($0) }.filter { processID in
            guard FileStatus(of: "/proc/\(processID)/cwd")?.identity == data.identity else { return false }
            return (try? String(contentsOfFile: "/proc/\(processID)/comm", encoding: .utf8)) == "postgres\n"
        }
    }

    /// Ends what an earlier program has left running, and waits for it.
    ///
    /// That is a server whose program was killed a moment ago and that is shutting down; or, if its supervising shell
    /// was killed with the program, one that knows nothing of it; or the backends of a server that was itself killed.
    func endLeftoverServer() async throws {
        let signals: [(signal: CInt, patience: Duration)] = [
            (SIGINT, .seconds(30)), (SIGQUIT, .seconds(10)), (SIGKILL, .seconds(10)),
        ]
        for (signal, patience) in signals {
            let processes = serverProcesses()
            let server = PostmasterFile(path: postmasterFile)?.processID
            // A server ends its backends in good order; only without it they are signalled themselves.
            if let server, processes.contains(server) {
                kill(server, signal)
            } else {
                // To a backend, SIGINT means to cancel its statement and to go on.
                for backend in processes { kill(backend, signal == SIGINT ? SIGTERM : signal) }
            }
            guard try await hasNoServerProcess(within: patience) else { continue }
            // A killed server leaves these files behind, and the next one would refuse to start if another process now
            // had the number that stands in them.
            unlink(postmasterFile)
            unlink(SocketDirectory.lockFile(in: dataDirectory))
            return
        }
        throw EmbeddedPostgresError.leftoverServer(directory: directory, processIDs: serverProcesses())
    }

    private func hasNoServerProcess(within patience: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + patience
        while !serverProcesses().isEmpty {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
