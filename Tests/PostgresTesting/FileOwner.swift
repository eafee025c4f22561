import Glibc

/// The user that a file belongs to. As root, PostgreSQL's programs run as the user of the cluster: they refuse to run as
/// root.
struct FileOwner {
    private let userID: uid_t
    private let groupID: gid_t

    init(of path: String) {
        var status = stat()
        stat(path, &status)
        (userID, groupID) = (status.st_uid, status.st_gid)
    }

    /// The words before a command that runs as this user.
    var commandPrefix: [String] {
        geteuid() == 0 ? ["setpriv", "--reuid=\(userID)", "--regid=\(groupID)", "--clear-groups"] : []
    }

    /// Gives a file to this user alone.
    func own(_ path: String) {
        chown(path, userID, groupID)
        chmod(path, 0o600)
    }
}
