import EmbeddedPostgres
import PostgresTesting
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Several processes of the program on the same databases; one that is killed comes back.
final class Crew: Sendable {
    struct Member: Sendable {
        let service: RunningInvoices
        let line: CuttableLine
        /// Ends when the process is not needed any more.
        fileprivate let duty: AsyncStream<Never>.Continuation
    }

    private struct State {
        var members: [Int: Member] = [:]
        var struck: Set<Int> = []
        var isOver = false
    }

    private let state = Mutex(State())

    /// Those that nothing was done to.
    var healthy: [RunningInvoices] {
        state.withLock { state in state.members.filter { !state.struck.contains($0.key) }.map(\.value.service) }
    }

    /// Runs `body` while so many processes serve, each with a line of its own to the read database.
    static func serving(
        _ count: Int, on databases: TestDatabases, _ body: @escaping @Sendable (Crew) async throws -> Void
    ) async throws {
        let crew = Crew()
        try await withTemporaryFolder { folder in
            try await withThrowingTaskGroup { group in
                for place in 0..<count {
                    let cluster = databases.readDatabase.cluster
                    let line = try CuttableLine(
                        to: cluster.socketDirectory, port: cluster.port, in: "\(folder)/\(place)")
                    var environment = databases.environment
                    environment["READ_DB_HOST"] = line.directory
                    group.addTask { [environment] in
                        defer { line.close() }
                        try await crew.serve(place, line, environment)
                    }
                }
                defer { crew.dismiss() }
                try await crew.waitUntilAllServe(count)
                try await body(crew)
                crew.dismiss()
                try await group.waitForAll()
            }
        }
    }

    private func serve(_ place: Int, _ line: CuttableLine, _ environment: [String: String]) async throws {
        while !state.withLock(\.isOver) {
            try await InvoicesProgram.serving(environment: environment) { service in
                let (duty, continuation) = AsyncStream.makeStream(of: Never.self)
                let isOver = self.state.withLock { state in
                    state.members[place] = Member(service: service, line: line, duty: continuation)
                    state.struck.remove(place)
                    return state.isOver
                }
                if isOver { continuation.finish() }
                for await _ in duty {}
            }
        }
    }

    func waitUntilAllServe(_ count: Int) async throws {
        while healthy.count < count { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// Does something to the process whose identifier `owner` ends with, which does not count as healthy from now on.
    ///
    /// - Returns: how to mend it.
    func strike(_ owner: String, with strike: Strike) throws -> @Sendable () -> Void {
        let (place, member) = try state.withLock { state in
            let found = try #require(
                state.members.first { owner.hasSuffix("process \($0.value.service.process)") })
            state.struck.insert(found.key)
            return (found.key, found.value)
        }
        switch strike {
        case .kill: member.service.send(SIGKILL)
        case .stop: member.service.send(SIGSTOP)
        case .cut: member.line.cut()
        }
        return {
            switch strike {
            case .kill: member.duty.finish()
            case .stop: member.service.send(SIGCONT)
            case .cut: member.line.mend()
            }
            if strike != .kill { self.state.withLock { _ = $0.struck.remove(place) } }
        }
    }

    private func dismiss() {
        let members = state.withLock { state in
            state.isOver = true
            return state.members.values
        }
        for member in members {
            member.service.send(SIGCONT)
            member.line.mend()
            member.duty.finish()
        }
    }
}

/// What can happen to a process.
enum Strike: CaseIterable {
    /// kill -9
    case kill
    /// It is stopped for a while, and does not notice.
    case stop
    /// Nothing comes through between it and the read database.
    case cut
}
