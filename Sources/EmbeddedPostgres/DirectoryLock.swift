import FoundationEssentials
import Glibc
import Synchronization

/// An exclusive lock on a directory. The kernel gives it back when its holder ends, however that ends.
final class DirectoryLock: Sendable {
    private let descriptor: Mutex<CInt?>

    /// Takes the lock, without waiting.
    ///
    /// - Throws: ``EmbeddedPostgresError/inUse(directory:processID:)`` when another program, or another server of
    ///   this one, holds it.
    init(directory: String) throws {
        let path = directory + "/lock"
        let file = try systemCall("open", path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let holder = try? String(contentsOfFile: path, encoding: .utf8)
            close(file)
            throw EmbeddedPostgresError.inUse(directory: directory, processID: holder.flatMap { Int32($0) })
        }
        descriptor = Mutex(file)
        try systemCall("truncate", path) { ftruncate(file, 0) }
        let processID = String(getpid())
        try systemCall("write", path) { pwrite(file, processID, processID.utf8.count, 0) }
    }

    deinit {
        release()
    }

    /// Gives the lock back; further calls do nothing.
    func release() {
        descriptor.withLock { descriptor in
            guard let held = descriptor.take() else { return }
            // Closing alone would leave the lock to a child that is being launched at this moment and still has a
            // copy of the descriptor.
            flock(held, LOCK_UN)
            close(held)
        }
    }
}
