import FoundationEssentials
import Glibc
import Synchronization
import SystemPackage

/// An exclusive lock on a directory. The kernel releases it when its holder ends, however that ends.
package final class DirectoryLock: Sendable {
    private let file: Mutex<FileDescriptor?>

    /// Takes the lock, without waiting.
    ///
    /// - Throws: ``PrivateServerError/inUse(directory:processID:)`` when another program, or another server of this one,
    ///   holds it.
    package init(_ folder: ServerFolder, owner: ServerUser?) throws {
        let path = folder.path + "/lock"
        let file = try openFile(path, O_RDWR, owner: owner)
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let holder = try? String(contentsOfFile: path, encoding: .utf8)
            try? file.close()
            throw PrivateServerError.inUse(directory: folder.path, processID: holder.flatMap { Int32($0) })
        }
        self.file = Mutex(file)
        try file.resize(to: 0)
        try file.writeAll(toAbsoluteOffset: 0, String(getpid()).utf8)
    }

    deinit {
        release()
    }

    /// Releases the lock; further calls do nothing.
    package func release() {
        file.withLock { file in
            guard let held = file.take() else { return }
            // Closing alone would leave the lock to a child that is being launched at this moment and still has a
            // copy of the descriptor.
            flock(held.rawValue, LOCK_UN)
            try? held.close()
        }
    }
}
