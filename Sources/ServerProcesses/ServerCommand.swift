import FoundationEssentials
package import Subprocess
import SystemPackage

/// How a server's programs are launched: through a few lines of shell.
package struct ServerCommand {
    /// The folder with the server's data, in which the program is launched.
    let folder: String
    let kind: ServerKind
    let user: ServerUser?

    /// - Parameter folder: where the server's data is, unless it is that of the server's folder.
    package init(in folder: String, of kind: ServerKind, as user: ServerUser?) {
        self.folder = folder
        self.kind = kind
        self.user = user
    }

    /// Makes `$data` a path by which the program reaches the folder.
    ///
    /// A server that root starts runs as another user, who may not be able to pass the directories above (a clone in
    /// `/root`, say). The shell is started *in* the folder and holds it open, and the path of an open descriptor needs
    /// no passage. It is not `/proc/self/cwd`, because PostgreSQL up to 15 changes its working directory while it looks
    /// for its own program.
    private static let reachFolder = """
        data=$1 option=$2
        shift 2
        [ -x "$data" ] || { exec 4<. && data=/proc/self/fd/4; }
        cd /
        """

    private static let runOnce = """
        \(reachFolder)
        exec "$@" "$option" "$data"
        """

    /// Runs the server for as long as standard input stays open. When our end of that pipe is closed, by us or by the
    /// kernel because our program is gone, the server is told to shut down, after half a minute to drop everything
    /// (SIGQUIT), and at last it is killed.
    ///
    /// The signals go to the process group, so that they also reach a server behind a wrapper script; PostgreSQL's
    /// backends are in groups of their own. They are repeated, because a server that has only just been launched ignores
    /// them. Being the parent of the server, the shell collects its exit status: no zombie keeps the process id in use.
    private static func supervise(_ signal: String) -> String {
        """
        \(reachFolder)
        exec 3<&0 </dev/null
        trap '' INT QUIT \(signal)
        "$@" "$option" "$data" 3<&- &
        server=$!
        {
            read -r _ <&3
            seconds=0
            while [ "$((seconds += 1))" -le 30 ]; do
                kill -\(signal) 0
                sleep 1
            done
            kill -QUIT 0
            sleep 10
            kill -KILL 0
        } &
        wait "$server"
        status=$?
        trap '' USR1
        kill -USR1 0
        exit "$status"
        """
    }

    /// Runs a program to its end.
    ///
    /// - Parameter option: what the path of the folder follows, as the last words of the command.
    package func once(_ words: [String], folderAs option: String) -> Configuration {
        shell(Self.runOnce, option, words)
    }

    /// Runs the server. Its session of its own keeps the signals of our terminal (Ctrl-C) from it: our program stops it.
    package func supervised(_ words: [String], folderAs option: String) -> Configuration {
        var command = shell(Self.supervise(kind.shutdownSignal.name), option, words)
        command.platformOptions.createSession = true
        return command
    }

    private func shell(_ script: String, _ option: String, _ command: [String]) -> Configuration {
        var environment = ProcessInfo.processInfo.environment
        if let prefix = kind.foreignVariables { environment = environment.filter { !$0.key.hasPrefix(prefix) } }
        environment["LC_ALL"] = "C"
        let words = (user?.prefix ?? []) + ["sh", "-c", script, "sh", folder, option] + command
        return Configuration(
            executable: .name(words[0]),
            arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: FilePath(folder)
        )
    }
}
