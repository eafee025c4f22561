import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A running server, from its launch to its exit.
final class ServerProcess: Sendable {
    private let folder: ServerFolder
    /// Where this server's output begins in the log; what precedes it was printed by earlier ones.
    private let logOffset: Int64
    /// The writing end of the pipe whose closing shuts the server down.
    private let lifeline: Mutex<FileDescriptor?>
    private let exit: Exit
    private let supervision: Task<Void, Never>

    /// How the server ended, once it has.
    private final class Exit: Sendable {
        let reason = Mutex<String?>(nil)
    }

    /// Launches a server. What it prints is appended to the folder's log.
    init(_ command: Configuration, in folder: ServerFolder, as user: ServerUser?) throws {
        self.folder = folder
        let log = try openFile(folder.log, O_WRONLY | O_APPEND, owner: user)
        logOffset = try log.seek(offset: 0, from: .end)
        let pipe = try FileDescriptor.pipe(options: .closeOnExec)
        lifeline = Mutex(pipe.writeEnd)
        let exit = Exit()
        self.exit = exit
        supervision = Task {
            let reason: String
            do {
                let result = try await Subprocess.run(
                    command,
                    input: .fileDescriptor(pipe.readEnd, closeAfterSpawningProcess: true),
                    output: .fileDescriptor(log, closeAfterSpawningProcess: true),
                    error: .combinedWithOutput
                )
                reason = result.terminationStatus.description
            } catch {
                reason = String(describing: error)
            }
            exit.reason.withLock { $0 = reason }
        }
    }

    deinit {
        shutDown()
    }

    /// How the server ended; nil while it runs.
    var exitReason: String? {
        exit.reason.withLock { $0 }
    }

    /// Asks the server to shut down and returns at once; further calls do nothing.
    func shutDown() {
        lifeline.withLock { lifeline in
            try? lifeline.take()?.close()
        }
    }

    /// Returns how the server ended when it has; neither ends it nor returns early when the task is cancelled.
    func waitForExit() async -> String {
        await supervision.value
        return exitReason ?? ""
    }

    /// Returns the server's process id when it accepts connections, however long its recovery takes.
    ///
    /// - Parameter readyProcessID: its process id; nil while it is not ready.
    /// - Throws: ``PrivateServerError/startFailed(server:directory:reason:log:)`` when it ends before that.
    func waitUntilReady(_ readyProcessID: () -> pid_t?) async throws -> pid_t {
        while true {
            if let processID = readyProcessID() { return processID }
            if let exitReason {
                throw PrivateServerError.startFailed(
                    server: folder.kind.name, directory: folder.path, reason: exitReason, log: lastLogLines())
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The last lines that this server has printed.
    func lastLogLines(_ count: Int = 20) -> String {
        guard let log = try? FileDescriptor.open(folder.log, .readOnly, options: .closeOnExec) else { return "" }
        defer { try? log.close() }
        guard let end = try? log.seek(offset: 0, from: .end) else { return "" }
        let start = max(logOffset, end - 16 * 1024)
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(max(0, end - start))) { buffer, count in
            count = (try? log.read(fromAbsoluteOffset: start, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.suffix(count).joined(separator: "\n")
    }
}
