import Foundation

/// The person who started the program, if there is one.
enum Terminal {
    /// Whether somebody can answer a question.
    static var canAnswer: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Whether somebody sees what is written to standard error as it comes.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes to standard error: what is not the answer of the command.
    static func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// Whether the person says yes; everything else is a no.
    static func confirms(_ question: String) -> Bool {
        say("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}
