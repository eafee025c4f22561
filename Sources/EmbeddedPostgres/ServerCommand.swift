import FoundationEssentials
import Subprocess
import SystemPackage

/// How `initdb` and `postgres` are launched: through a few lines of shell.
enum ServerCommand {
    /// Makes `$data` a path by which the server reaches its data directory.
    ///
    /// A server that root starts runs as another user, who may not be able to pass the directories above (a clone in
    /// `/root`, say). The shell is started *in* the data directory and holds it open, and the path of an open
    /// descriptor needs no passage. It is not `/proc/self/cwd`, because PostgreSQL up to 15 changes its working
    /// directory while it looks for its own program.
    private static let reachDirectory = """
        data=$1
        shift
        [ -x "$data" ] || { exec 4<. && data=/proc/self/fd/4; }
        cd /
        """

    /// Runs a program on the data directory.
    private static let runOnce = """
        \(reachDirectory)
        exec "$@" -D "$data"
        """

    /// Runs the server for as long as standard input stays open. When our end of that pipe is closed, by us or by the
    /// kernel because our program is gone, the server is told to shut down (SIGINT is the fast shutdown of PostgreSQL
    /// manual 19.5), after half a minute to drop everything (SIGQUIT), and at last it is killed.
    ///
    /// The signals go to the process group, so that they also reach a server behind a wrapper script; its backends are
    /// in groups of their own. They are repeated, because a server that has only just been launched ignores them.
    /// Being the parent of the server, the shell collects its exit status: no zombie keeps the process id in use.
    private static let superviseServer = """
        \(reachDirectory)
        exec 3<&0 </dev/null
        trap '' INT QUIT
        "$@" -D "$data" 3<&- &
        server=$!
        {
            read -r _ <&3
            seconds=0
            while [ "$((seconds += 1))" -le 30 ]; do
                kill -INT 0
                sleep 1
            done
            kill -QUIT 0
            sleep 10
            kill -KILL 0
        } &
        wait "$server"
        status=$?
        trap '' TERM
        kill -TERM 0
        exit "$status"
        """

    static func initialise(
        _ directory: String,
        with installation: PostgresInstallation,
        as user: ServerUser?
    ) -> Configuration {
        let arguments = [
            installation.initdb, "--username=postgres", "--encoding=UTF8", "--locale=C", "--data-checksums",
            "--auth-local=trust", "--auth-host=reject",
        ]
        return shell(runOnce, in: directory, arguments, as: user)
    }

    /// The session of its own keeps the signals of our terminal (Ctrl-C) from the server: our program stops it.
    static func serve(
        _ directory: String,
        settings: [String: String],
        with installation: PostgresInstallation,
        as user: ServerUser?
    ) -> Configuration {
        var settings = settings
        settings["listen_addresses"] = ""
        settings["port"] = String(SocketDirectory.port)
        settings["unix_socket_directories"] = "."
        let arguments = settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        var command = shell(superviseServer, in: directory, [installation.postgres] + arguments, as: user)
        command.platformOptions.createSession = true
        return command
    }

    private static func shell(
        _ script: String,
        in directory: String,
        _ command: [String],
        as user: ServerUser?
    ) -> Configuration {
        // PGDATA, PGPORT and their like are somebody's wishes for another server.
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
        environment["LC_ALL"] = "C"
        let words = (user?.prefix ?? []) + ["sh", "-c", script, "sh", directory] + command
        return Configuration(
            executable: .name(words[0]),
            arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: FilePath(directory)
        )
    }
}
