import FoundationEssentials
import Glibc

/// The file `postmaster.pid`, in which a server tells about itself (lines as in PostgreSQL's `pidfile.h`).
struct PostmasterFile: Sendable, Hashable {
    let processID: pid_t
    let isReady: Bool

    /// Nil when there is no such file, or when it is only half written.
    init?(path: String) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        self.init(text: text)
    }

    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let processID = pid_t(first), processID > 0 else { return nil }
        self.processID = processID
        self.isReady = lines.count > 7 && lines[7].hasPrefix("ready")
    }
}
