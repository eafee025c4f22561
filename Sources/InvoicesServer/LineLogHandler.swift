import EventSourcing
import FoundationEssentials
import Logging

/// Renders each log line: time, level, label, metadata in the order of the keys, source, and message. A ``LogWriter`` writes
/// it.
///
/// A request's metadata is set many times and written once, so it is ordered and rendered when a line is written;
/// `StreamLogHandler` renders all of it whenever it is set.
///
/// A logger is copied with every scope of a request. A handler of up to three words needs no allocation for a copy, so what
/// rarely changes is in ``Destination``.
struct LineLogHandler: LogHandler {
    private final class Destination: Sendable {
        let label: String
        let writer: LogWriter
        let metadataProvider: Logger.MetadataProvider?

        init(label: String, writer: LogWriter, metadataProvider: Logger.MetadataProvider?) {
            self.label = label
            self.writer = writer
            self.metadataProvider = metadataProvider
        }
    }

    private var destination: Destination
    private var fields = Fields()
    var logLevel = Logger.Level.info

    init(label: String, writer: LogWriter = .standardError) {
        destination = Destination(label: label, writer: writer, metadataProvider: nil)
    }

    var label: String { destination.label }

    var metadataProvider: Logger.MetadataProvider? {
        get { destination.metadataProvider }
        set { destination = Destination(label: label, writer: destination.writer, metadataProvider: newValue) }
    }

    var metadata: Logger.Metadata {
        get { fields.ordered.reduce(into: [:]) { $0[$1.key] = $1.value } }
        set {
            fields = Fields()
            fields.merge(newValue)
        }
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { fields[key] }
        set { fields[key] = newValue }
    }

    func log(event: LogEvent) {
        destination.writer.append(line(for: event, at: Date()), isUrgent: event.level >= .warning)
    }

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
        for field in fields.ordered {
            guard let value = field.value else { continue }
            line += " "
            line += field.key
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
}

/// Metadata in a list, the last one set first. Setting one copies nothing: a logger is copied and its metadata set many times
/// for each line that is written.
private struct Fields: Sendable {
    final class Field: Sendable {
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

    /// More are not kept before those that were set again are dropped.
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
                youngest = ordered.reduce(nil) { $1.value == nil ? $0 : Field(key: $1.key, value: $1.value, older: $0) }
            }
            youngest = Field(key: key, value: newValue, older: youngest)
        }
    }

    mutating func merge(_ metadata: Logger.Metadata) {
        for (key, value) in metadata { self[key] = value }
    }

    /// The last one set of each key, in the order of the keys. Those without a value were taken away.
    var ordered: [Field] {
        var all: [Field] = []
        all.reserveCapacity(youngest?.count ?? 0)
        var next = youngest
        while let field = next {
            next = field.older
            // The first ones are the youngest.
            var index = all.endIndex
            while index > 0, all[index - 1].key > field.key { index -= 1 }
            if index == 0 || all[index - 1].key != field.key { all.insert(field, at: index) }
        }
        return all
    }
}
