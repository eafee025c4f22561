import Glibc
import ServiceLifecycle
package import Subprocess
import Synchronization

/// A server that this program has started in a directory, and that ends with it.
package final class PrivateServer: Sendable {
    package let folder: ServerFolder
    package let sockets: SocketDirectory
    package let processID: pid_t

    private let process: ServerProcess
    private let lock: DirectoryLock
    private let isStopRequested = Mutex(false)

    private init(
        folder: ServerFolder, sockets: SocketDirectory, process: ServerProcess, processID: pid_t, lock: DirectoryLock
    ) {
        self.folder = folder
        self.sockets = sockets
        self.process = process
        self.processID = processID
        self.lock = lock
    }

    /// Starts a server and returns when it accepts connections.
    ///
    /// - Parameters:
    ///   - prepare: makes the data if it is not there, for this user, and returns the command; the directory is locked.
    ///   - readyProcessID: the process id of the server by its sockets; nil while it is not ready.
    /// - Throws: ``PrivateServerError``; what `prepare` throws.
    package static func start(
        in folder: ServerFolder, prepare: (ServerUser?) async throws -> Configuration,
        readyProcessID: (SocketDirectory) -> pid_t?
    ) async throws -> PrivateServer {
        let user = try ServerUser.choose(for: folder)
        let lock = try DirectoryLock(folder, owner: user)
        let command = try await prepare(user)
        let sockets = try SocketDirectory(of: folder)
        let process = try ServerProcess(command, in: folder, as: user)
        do {
            let processID = try await process.waitUntilReady { readyProcessID(sockets) }
            try sockets.check()
            return PrivateServer(folder: folder, sockets: sockets, process: process, processID: processID, lock: lock)
        } catch {
            process.shutDown()
            _ = await process.waitForExit()
            throw error
        }
    }

    /// Keeps the server until graceful shutdown or cancellation, then stops it.
    ///
    /// - Throws: ``PrivateServerError/exited(server:directory:reason:log:)`` when the server ends by itself.
    package func run() async throws {
        let reason = await withTaskCancellationOrGracefulShutdownHandler {
            await process.waitForExit()
        } onCancelOrGracefulShutdown: {
            self.requestStop()
        }
        lock.release()
        guard isStopRequested.withLock({ $0 }) else {
            throw PrivateServerError.exited(
                server: folder.kind.name, directory: folder.path, reason: reason, log: process.lastLogLines())
        }
    }

    /// Shuts the server down with everything on disk. One that does not follow within 30 seconds is ended without that.
    package func stop() async {
        requestStop()
        _ = await process.waitForExit()
        lock.release()
    }

    /// Kills the server as a crash would (SIGKILL).
    package func kill() {
        guard process.exitReason == nil else { return }
        Glibc.kill(processID, SIGKILL)
        lock.release()
    }

    private func requestStop() {
        isStopRequested.withLock { $0 = true }
        process.shutDown()
    }
}
