import EventSourcing
import FoundationEssentials
import Logging

/// Renders each log line: time, level, label, metadata in the order of the keys, source, and message. A ``LogWriter`` writes
/// it.
///
/// A request's metadata is set many times and written once, so it is ordered and rendered when a line is written;
/// `StreamLogHandler` renders all of it whenever it is set.
struct LineLogHandler: LogHandler {
    let label: String
    var logLevel = Logger.Level.info
    var metadataProvider: Logger.MetadataProvider?
    private var fields = Fields()

    private let writer: LogWriter

    init(label: String, writer: LogWriter = .standardError) {
        self.label = label
        self.writer = writer
    }

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

    func log(event: LogEvent) { writer.append(line(for: event, at: Date()), isUrgent: event.level >= .warning) }

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
}

/// Metadata in a list, the last one set first. Setting one copies nothing: a logger is copied and its metadata set many times
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
