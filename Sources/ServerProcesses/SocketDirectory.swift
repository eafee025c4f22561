import Glibc

/// The directory by which clients reach a server's socket.
///
/// The server puts its socket into the folder with its data, which is private to it, and names it relative to that.
/// Clients need an absolute path, and a socket's address holds 107 bytes (`unix(7)`). Where the folder's path is too
/// long for that they go through a short symbolic link, in a directory that is private to the user of this process.
package struct SocketDirectory: Sendable {
    /// The folder with the data itself or a link to it; the same one each time.
    package let path: String
    /// The socket's path by it.
    package var socket: String { "\(path)/\(socketFile)" }

    private let socketFile: String
    private static let maximalPathLength = 107

    /// - Parameter base: where the links are.
    package init(of folder: ServerFolder, linksIn base: String = "/tmp") throws {
        socketFile = folder.kind.socketFile
        guard "\(folder.data)/\(socketFile)".utf8.count > Self.maximalPathLength else {
            path = folder.data
            return
        }
        let directory = "\(base)/private-servers-\(geteuid())"
        mkdir(directory, 0o700)
        // Another user may have made it first, in a directory that all may write to: it must be ours alone.
        guard let status = FileStatus(of: directory, followingLink: false),
            status.userID == geteuid(), status.isPrivateDirectory, let data = FileStatus(of: folder.data)
        else { throw PrivateServerError.untrustedDirectory(directory) }

        let name = "\(String(data.identity.device, radix: 36))-\(String(data.identity.inode, radix: 36))"
        let link = "\(directory)/\(name)"
        let unfinished = "\(link).\(getpid())"
        unlink(unfinished)
        try systemCall("symlink", unfinished) { symlink(folder.data, unfinished) }
        try systemCall("rename", link) { rename(unfinished, link) }
        path = link
    }

    /// Connects to the socket as a client would.
    ///
    /// - Returns: the connection, to be closed by the caller.
    package func connect() throws -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8.prefix(Self.maximalPathLength)) }
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let client = try systemCall("socket", socket) { Glibc.socket(AF_UNIX, type, 0) }
        do {
            try systemCall("connect", socket) {
                withUnsafeBytes(of: &address) { bytes in
                    Glibc.connect(
                        client, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
                }
            }
        } catch {
            close(client)
            throw error
        }
        return client
    }

    /// Connects as a client would, and hangs up.
    package func check() throws { close(try connect()) }
}
