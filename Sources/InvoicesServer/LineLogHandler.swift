import EventSourcing
import FoundationEssentials
import Glibc
import Logging

/// Writes each log line to standard error: when, how grave, who, what is known about it in the order of the keys, from
/// where, and the message.
///
/// A request's metadata is set many times and written once. It is kept as a list in the order of its keys, which for so
/// few is faster than a dictionary, and rendered when a line is written; `StreamLogHandler` renders all of it each time.
struct LineLogHandler: LogHandler {
    let label: String
    var logLevel = Logger.Level.info
    var metadataProvider: Logger.MetadataProvider?
    private var fields = Fields()

    init(label: String) { self.label = label }

    var metadata: Logger.Metadata {
        get { fields.list.reduce(into: [:]) { $0[$1.key] = $1.value } }
        set {
            fields = Fields()
            fields.merge(newValue)
        }
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { fields[key] }
        set { fields[key] = newValue }
    }

    func log(event: LogEvent) { Self.write(line(for: event, at: Date())) }

    /// The line, with its end.
    func line(for event: LogEvent, at time: Date) -> String {
        var fields = fields
        if let provided = metadataProvider?.get() { fields.merge(provided) }
        if let own = event.metadata { fields.merge(own) }
        if let error = event.error { fields["error.message"] = "\(error)" }
        var line = RFC3339.string(from: time)
        line.reserveCapacity(384)
        line += " "
        line += event.level.rawValue
        line += " "
        line += label
        line += ":"
        for (key, value) in fields.list {
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

/// Metadata in the order of its keys.
private struct Fields: Sendable {
    private(set) var list: [(key: String, value: Logger.MetadataValue)] = []

    subscript(key: String) -> Logger.MetadataValue? {
        get { list.first { $0.key == key }?.value }
        set {
            let place = list.firstIndex { $0.key >= key } ?? list.endIndex
            let isThere = place < list.endIndex && list[place].key == key
            switch newValue {
            case let value? where isThere: list[place].value = value
            case let value?: list.insert((key, value), at: place)
            case nil where isThere: list.remove(at: place)
            case nil: break
            }
        }
    }

    mutating func merge(_ metadata: Logger.Metadata) {
        list.reserveCapacity(list.count + metadata.count)
        for (key, value) in metadata { self[key] = value }
    }
}
