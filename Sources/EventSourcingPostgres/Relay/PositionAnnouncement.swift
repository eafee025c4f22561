import EventSourcing
import Synchronization

/// What a notification says: "<name> <position>".
struct PositionAnnouncement: Hashable, Sendable {
    let name: String
    let position: Position

    init(name: String, position: Position) {
        self.name = name
        self.position = position
    }

    /// Nil for what is no announcement.
    init?(payload: String) {
        guard let space = payload.lastIndex(of: " "), let number = Int64(payload[payload.index(after: space)...]),
            number >= 0
        else { return nil }
        self.init(name: String(payload[..<space]), position: Position(number))
    }

    var payload: String { "\(name) \(position.rawValue)" }
}

/// The furthest positions that every listener has been told.
final class HeardPositions: Sendable {
    private let positions = Mutex<[String: Position]>([:])

    subscript(name: String) -> Position { positions.withLock { $0[name] ?? .start } }

    func note(_ announcement: PositionAnnouncement) {
        positions.withLock { $0[announcement.name] = max($0[announcement.name] ?? .start, announcement.position) }
    }
}
