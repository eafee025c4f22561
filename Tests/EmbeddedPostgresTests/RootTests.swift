import EmbeddedPostgres
import FoundationEssentials
import Glibc
import ServerProcesses
import Testing

@Suite(.enabled(if: geteuid() == 0, "only root can become another user"), .timeLimit(.minutes(5)))
struct `Started by root, a server` {
    @Test func `runs as another user, without root's groups`() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer(in: directory) { server in
                let status = try String(contentsOfFile: "/proc/\(server.processID)/status", encoding: .utf8)
                let fields = status.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
                #expect(fields.first { $0.first == "Uid:" }?.dropFirst().contains("0") == false)
                #expect(fields.first { $0.first == "Gid:" }?.dropFirst().contains("0") == false)
                #expect(fields.first { $0.first == "Groups:" }?.count == 1)
            }
        }
    }

    @Test func `works below a directory that is closed to that user`() async throws {
        try await withTemporaryDirectory { closed in
            chmod(closed, 0o700)
            let directory = closed + "/data"
            try await withServer(in: directory) { server in
                try await server.psql("CREATE TABLE kept AS SELECT 42 AS answer")
            }
            let server = try await EmbeddedPostgres.start(in: directory)
            server.kill()
            try await withServer(in: directory) { server in
                try await server.expect("SELECT answer FROM kept", prints: "42")
            }
        }
    }

    @Test func `runs as the owner of the cluster that is there, and leaves its files to that owner`() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer(in: directory) { _ in }
            let nobody = 65534
            let files = try FileManager.default.subpathsOfDirectory(atPath: directory)
            for file in files { lchown("\(directory)/\(file)", uid_t(nobody), gid_t(nobody)) }
            for file in ["lock", "postgres.log"] { unlink("\(directory)/\(file)") }
            try await withServer(in: directory) { server in
                #expect(owner(of: "/proc/\(server.processID)") == nobody)
            }
            #expect(owner(of: directory + "/lock") == nobody)
            #expect(owner(of: directory + "/postgres.log") == nobody)
        }
    }

    @Test func `does not follow a link that another user may have put in the place of its files`() async throws {
        try await withTemporaryDirectory { directory in
            symlink("/etc/passwd", directory + "/lock")
            await #expect(throws: PrivateServerError.self) { try await EmbeddedPostgres.start(in: directory) }
        }
    }

    private func owner(of path: String) -> Int? {
        try? FileManager.default.attributesOfItem(atPath: path)[.ownerAccountID] as? Int
    }
}
