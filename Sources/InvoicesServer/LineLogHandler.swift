import EventSourcing
import FoundationEssentials
import Glibc
import Logging

/// Writes each log line to standard error: when, how grave, who, what is known about it in the order of the keys, from
/// where, and the message.
///
/// A request's metadata is set many times and written once. Here setting it costs what a dictionary costs;
/// `StreamLogHandler` renders all of it each time.
struct LineLogHandler: LogHandler {
    let label: String
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()
    var metadataProvider: Logger.MetadataProvider?

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { Self.write(line(for: event, at: Date())) }

    /// The line, with its end.
    func line(for event: LogEvent, at time: Date) -> String {
        var metadata = metadata
        if let provided = metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        if let error = event.error { metadata["error.message"] = "\(error)" }
        var line = RFC3339.string(from: time)
        line.reserveCapacity(384)
        line += " "
        line += event.level.rawValue
        line += " "
        line += label
        line += ":"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " "
            line += key
            line += "="
            // The description of a text is the text, and takes longer.
            if case .string(let text) = value { line += text } else { line += value.description }
        }
        line += " ["
        line += event.source
        line += "] "
        line += event.message.description
        line += "\n"
        return line
    }

    /// Writes the line at once, so that the lines of several threads do not mingle.
    private static func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
                // Nobody is left to tell of a log that cannot be written.
                guard count >= 0 || errno == EINTR else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
            }
        }
    }
}
