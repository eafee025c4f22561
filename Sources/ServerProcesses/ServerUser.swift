package import Glibc

/// The user that a server runs as, where that is not the user of this process.
///
/// No server runs as root. As root we therefore run it as the owner of the data if there is some already (so that a
/// directory can be used as root and as its owner in turn), else as the first of the users that it is made for.
package struct ServerUser: Sendable, Hashable {
    package let userID: uid_t
    package let groupID: gid_t

    /// The user for the data in a folder; nil when the server runs as the user of this process.
    package static func choose(for folder: ServerFolder) throws -> ServerUser? {
        let owner = FileStatus(of: folder.data)
        guard geteuid() == 0 else {
            guard let owner, owner.userID != geteuid() else { return nil }
            throw PrivateServerError.foreignOwner(directory: folder.data, userID: owner.userID)
        }
        if let owner, owner.userID != 0 {
            return ServerUser(userID: owner.userID, groupID: owner.groupID)
        }
        guard let user = folder.kind.users.lazy.compactMap(named).first else {
            throw PrivateServerError.noUnprivilegedUser(server: folder.kind.name, users: folder.kind.users)
        }
        return user
    }

    /// What precedes a command so that it runs as this user, without root's groups.
    ///
    /// A program (util-linux) and not `setuid` in the forked child: glibc's `setuid` tells all threads, and in a child
    /// of a process with threads it can wait for ever for those that were not forked.
    var prefix: [String] {
        ["setpriv", "--reuid=\(userID)", "--regid=\(groupID)", "--clear-groups"]
    }

    private static func named(_ name: String) -> ServerUser? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var text = [CChar](repeating: 0, count: 16 * 1024)
        guard getpwnam_r(name, &entry, &text, text.count, &found) == 0, found != nil else { return nil }
        return ServerUser(userID: entry.pw_uid, groupID: entry.pw_gid)
    }
}
