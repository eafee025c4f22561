import ArgumentParser
import EmbeddedPostgres
import ServerProcesses

/// Why the program ends, in one line for the person who started it, with the exit code for the program that did.
struct Failure: Error, CustomStringConvertible {
    /// Exit codes as in sysexits(3).
    enum Kind: Int32 {
        /// What was begun is not finished.
        case unfinished = 1
        /// The command cannot be followed as it was given.
        case usage = 64
        /// What the command names is not there.
        case notFound = 66
        /// A setting is not valid.
        case configuration = 78
        /// A database or a port cannot be had.
        case unavailable = 69
        /// The program does not stop by itself.
        case hanging = 70
        /// A database holds something that this program did not put there.
        case data = 65
    }

    let kind: Kind
    let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

/// Runs the body of a command; a failure ends the program with one line on standard error and its exit code.
func reportingFailures(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as Failure {
        failure.report()
        throw ExitCode(failure.kind.rawValue)
    } catch let error where error is EmbeddedPostgresError || error is PrivateServerError {
        Failure(.unavailable, "\(error)").report()
        throw ExitCode(Failure.Kind.unavailable.rawValue)
    }
}

extension Failure {
    fileprivate func report() {
        let line = "invoices: " + description.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n"
        // After the lines of the log that were written before.
        LogWriter.standardError.append(line, isUrgent: true)
        LogWriter.standardError.flush()
    }
}
