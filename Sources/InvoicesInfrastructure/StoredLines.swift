import EventSourcing
import InvoicesDomain
import LibPQ

/// Lines in the column `lines`, in the form that they have in events.
enum StoredLines {
    private static let none = PostgresJSON("[]")

    static func document(_ lines: [PricedLine]) throws -> PostgresJSON {
        lines.isEmpty ? none : PostgresJSON(try EventPayload(encoding: lines).bytes)
    }

    static func read(_ document: PostgresJSON) throws -> [PricedLine] {
        document == none ? [] : try EventPayload(bytes: document.bytes).decode([PricedLine].self)
    }
}
