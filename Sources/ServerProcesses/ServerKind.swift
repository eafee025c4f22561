import Glibc

/// What is particular to the server of one program.
package struct ServerKind: Sendable {
    /// As a person calls it: `PostgreSQL`.
    package let name: String
    /// What the kernel calls its processes: `postgres`.
    package let processName: String
    /// The name of the folder with its data, in which its processes work.
    package let dataFolder: String
    /// The name of the file with what it prints.
    package let logFile: String
    /// The name of its socket, in the folder with its data.
    package let socketFile: String
    /// Whom root runs it as: the first of these users that there is.
    package let users: [String]
    /// What asks it to shut down with everything on disk.
    package let shutdownSignal: Signal
    /// Environment variables that begin like this are for other servers, and are kept from it.
    package let foreignVariables: String?

    /// A signal, as C and as a shell name it.
    package struct Signal: Sendable {
        package let number: CInt
        package let name: String

        package static let interrupt = Signal(number: SIGINT, name: "INT")
        package static let terminate = Signal(number: SIGTERM, name: "TERM")
    }

    package init(
        name: String, processName: String, dataFolder: String, logFile: String, socketFile: String, users: [String],
        shutdownSignal: Signal, foreignVariables: String? = nil
    ) {
        self.name = name
        self.processName = processName
        self.dataFolder = dataFolder
        self.logFile = logFile
        self.socketFile = socketFile
        self.users = users
        self.shutdownSignal = shutdownSignal
        self.foreignVariables = foreignVariables
    }
}
