import EventSourcing
import FoundationEssentials

/// Documents for scripts: members sorted, times as RFC 3339.
enum JSONDocument {
    static func text(of document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.string(from: date))
        }
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}
