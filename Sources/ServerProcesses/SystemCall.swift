package import Glibc
package import SystemPackage

/// Runs a system call that returns −1 and sets `errno` when it fails, and makes that an error.
@discardableResult
package func systemCall<Result: SignedInteger>(
    _ operation: String,
    _ path: String,
    _ call: () -> Result
) throws(PrivateServerError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let error = errno
        if error == EINTR { continue }
        throw .system(operation, path, error)
    }
}

extension PrivateServerError {
    static func system(_ operation: String, _ path: String, _ number: CInt) -> PrivateServerError {
        .system(operation: operation, path: path, reason: Errno(rawValue: number).description)
    }
}

/// Opens a file in a server's directory, or makes it there.
///
/// Root gives it to the user that the data belongs to, who can then use the directory without root. A symbolic link
/// in its place is refused, because that user could have put it there.
package func openFile(_ path: String, _ options: CInt, owner: ServerUser?) throws -> FileDescriptor {
    let file = try systemCall("open", path) { open(path, options | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    if let owner {
        try systemCall("chown", path) { fchown(file, owner.userID, owner.groupID) }
    }
    return FileDescriptor(rawValue: file)
}

/// What the file system says of a file.
package struct FileStatus {
    package let userID: uid_t
    package let groupID: gid_t
    package let isPrivateDirectory: Bool
    package let identity: Identity

    /// Two paths are one file when these are equal.
    package struct Identity: Hashable {
        package let device: dev_t
        package let inode: ino_t
    }

    /// Nil when there is no such file, or none that this process can reach.
    package init?(of path: String, followingLink: Bool = true) {
        var status = stat()
        guard fstatat(AT_FDCWD, path, &status, followingLink ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        userID = status.st_uid
        groupID = status.st_gid
        isPrivateDirectory = status.st_mode & S_IFMT == S_IFDIR && status.st_mode & 0o077 == 0
        identity = Identity(device: status.st_dev, inode: status.st_ino)
    }
}
