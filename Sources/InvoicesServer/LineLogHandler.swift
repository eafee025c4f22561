import EventSourcing
import FoundationEssentials
import Glibc
import Logging

/// Writes each log line to standard error: when, how grave, who, what is known about it in the order of the keys, from
/// where, and the message.
///
/// A request's metadata is set many times and written once: it is put in order and rendered when a line is written.
/// `StreamLogHandler` renders all of it each time.
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

/// Metadata as it was set, the youngest first. Setting copies nothing: a logger is copied, and its metadata set, many times
/// for each line that is written.
private struct Fields: Sendable {
    private final class Field: Sendable {
        let key: String
        /// Nil takes away what was set before.
        let value: Logger.MetadataValue?
        let older: Field?
        /// How many there are, this one included.
        let count: Int

        init(key: String, value: Logger.MetadataValue?, older: Field?) {
            self.key = key
            self.value = value
            self.older = older
            count = (older?.count ?? 0) + 1
        }
    }

    /// More are not kept before those that were set anew are dropped.
    private static let limit = 64

    private var youngest: Field?

    subscript(key: String) -> Logger.MetadataValue? {
        get {
            var field = youngest
            while let present = field, present.key != key { field = present.older }
            return field?.value
        }
        set {
            if let count = youngest?.count, count >= Self.limit {
                youngest = list.reduce(nil) { Field(key: $1.key, value: $1.value, older: $0) }
            }
            youngest = Field(key: key, value: newValue, older: youngest)
        }
    }

    mutating func merge(_ metadata: Logger.Metadata) {
        for (key, value) in metadata { self[key] = value }
    }

    /// What is set, in the order of the keys.
    var list: [(key: String, value: Logger.MetadataValue)] {
        var all: [Field] = []
        all.reserveCapacity(youngest?.count ?? 0)
        var next = youngest
        while let field = next {
            next = field.older
            // The first ones are the youngest.
            var place = all.endIndex
            while place > 0, all[place - 1].key > field.key { place -= 1 }
            if place == 0 || all[place - 1].key != field.key { all.insert(field, at: place) }
        }
        return all.compactMap { field in field.value.map { (field.key, $0) } }
    }
}
