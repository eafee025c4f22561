import Glibc

/// The directory by which clients reach the server's socket.
///
/// The server puts its socket into its data directory, which is private to it, and names it relative to that. Clients
/// need an absolute path, and a socket's address holds 107 bytes (`unix(7)`). Where the data directory's path is too
/// long for that they go through a short symbolic link, in a directory that is private to the user of this process.
enum SocketDirectory {
    /// Part of the socket's name; there is no TCP port.
    static let port = 5432

    private static let maximalPathLength = 107

    /// The data directory itself or a link to it; the same one each time.
    static func path(to dataDirectory: String, linksIn base: String = "/tmp") throws -> String {
        guard socket(in: dataDirectory).utf8.count > maximalPathLength else { return dataDirectory }
        let directory = "\(base)/embedded-postgres-\(geteuid())"
        mkdir(directory, 0o700)
        // Whoever made it first in a directory that all may write to: it must be ours alone.
        guard let status = FileStatus(of: directory, followingLink: false),
            status.userID == geteuid(), status.isPrivateDirectory, let data = FileStatus(of: dataDirectory)
        else { throw EmbeddedPostgresError.untrustedDirectory(directory) }

        let name = "\(String(data.identity.device, radix: 36))-\(String(data.identity.inode, radix: 36))"
        let link = "\(directory)/\(name)"
        let unfinished = "\(link).\(getpid())"
        unlink(unfinished)
        try systemCall("symlink", unfinished) { symlink(dataDirectory, unfinished) }
        try systemCall("rename", link) { rename(unfinished, link) }
        return link
    }

    /// Connects to the socket in a directory as a client would, and hangs up.
    static func check(_ directory: String) throws {
        let path = socket(in: directory)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(maximalPathLength)) }
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let client = try systemCall("socket", path) { Glibc.socket(AF_UNIX, type, 0) }
        defer { close(client) }
        try systemCall("connect", path) {
            withUnsafeBytes(of: &address) { bytes in
                connect(client, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            }
        }
    }

    /// The file by which servers that share a directory for their sockets would notice each other.
    static func lockFile(in directory: String) -> String {
        socket(in: directory) + ".lock"
    }

    private static func socket(in directory: String) -> String {
        "\(directory)/.s.PGSQL.\(port)"
    }
}
