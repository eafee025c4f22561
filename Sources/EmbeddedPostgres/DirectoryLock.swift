import FoundationEssentials
import Glibc
import Synchronization
import SystemPackage

/// An exclusive lock on a directory. The kernel gives it back when its holder ends, however that ends.
final class DirectoryLock: Sendable {
    private let file: Mutex<FileDescriptor?>

    /// Takes the lock, without waiting.
    ///
    /// - Throws: ``EmbeddedPostgresError/inUse(directory:processID:)`` when another program, or another server of
    ///   this one, holds it.
    init(directory: String, owner: ServerUser?) throws {
        let path = directory + "/lock"
        let file = try openFile(path, O_RDWR, owner: owner)
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let holder = try? String(contentsOfFile: path, encoding: .utf8)
            try? file.close()
            throw EmbeddedPostgresError.inUse(directory: directory, processID: holder.flatMap { Int32($0) })
        }
        self.file = Mutex(file)
        try file.resize(to: 0)
        try file.writeAll(toAbsoluteOffset: 0, String(getpid()).utf8)
    }

    deinit {
        release()
    }

    /// Gives the lock back; further calls do nothing.
    func release() {
        file.withLock { file in
            guard let held = file.take() else { return }
            // Closing alone would leave the lock to a child that is being launched at this moment and still has a
            // copy of the descriptor.
            flock(held.rawValue, LOCK_UN)
            try? held.close()
        }
    }
}
