import FoundationEssentials
package import Glibc

/// The directory of a private server: its data in a folder, its log, and `lock`.
package struct ServerFolder: Sendable {
    package let kind: ServerKind
    /// The absolute path, without symbolic links.
    package let path: String

    /// Makes the directory if it is not there.
    package init(_ path: String, of kind: ServerKind) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard let resolved = realpath(path, nil) else { throw PrivateServerError.system("realpath", path, errno) }
        defer { free(resolved) }
        self.kind = kind
        self.path = String(cString: resolved)
    }

    /// The server's data, private to the user that the server runs as.
    package var data: String { "\(path)/\(kind.dataFolder)" }

    package var log: String { "\(path)/\(kind.logFile)" }

    /// Makes a folder that is private to the user that the server runs as.
    package func makePrivateFolder(_ path: String, of user: ServerUser?) throws {
        try systemCall("mkdir", path) { mkdir(path, 0o700) }
        if let user { try systemCall("chown", path) { chown(path, user.userID, user.groupID) } }
    }

    /// The server's processes: they have its data as their working directory. Unlike a number in a file, this cannot mean
    /// a process that came later.
    package func processes() -> [pid_t] {
        guard let data = FileStatus(of: data) else { return [] }
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { pid_t($0) }.filter { processID in
            guard FileStatus(of: "/proc/\(processID)/cwd")?.identity == data.identity else { return false }
            return (try? String(contentsOfFile: "/proc/\(processID)/comm", encoding: .utf8)) == kind.processName + "\n"
        }
    }

    /// Ends what an earlier program has left running, and waits for it.
    ///
    /// That is a server whose program was killed a moment ago and that is shutting down; or, if its supervising shell
    /// was killed with the program, one that knows nothing of it; or what is left of a server that was itself killed.
    ///
    /// - Parameters:
    ///   - signals: one after the other, each with the time that it is given.
    ///   - send: sends a signal to these processes, or to those of them that it is meant for.
    package func endLeftovers(
        by signals: [(signal: CInt, timeout: Duration)], sending send: (CInt, [pid_t]) -> Void
    ) async throws {
        for (signal, timeout) in signals {
            send(signal, processes())
            if try await isEmpty(within: timeout) { return }
        }
        throw PrivateServerError.leftoverServer(server: kind.name, directory: path, processIDs: processes())
    }

    private func isEmpty(within timeout: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + timeout
        while !processes().isEmpty {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
