import EventSourcing
import FoundationEssentials
import Synchronization

/// The payload of a notification between processes.
enum RelayMessage: Hashable, Sendable {
    /// How far something has come: `<name> <position>`.
    case position(PositionAnnouncement)
    /// A process has begun to listen, and wants to hear from those that listen already: `arrived <id>`.
    case arrived(UUID)
    /// A process listens: `present <id>`.
    case present(UUID)

    /// Nil for what is no message.
    init?(payload: String) {
        if let announcement = PositionAnnouncement(payload: payload) {
            self = .position(announcement)
            return
        }
        let words = payload.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, let id = UUID(uuidString: String(words[1])) else { return nil }
        switch words[0] {
        case "arrived": self = .arrived(id)
        case "present": self = .present(id)
        default: return nil
        }
    }

    var payload: String {
        switch self {
        case .position(let announcement): announcement.payload
        case .arrived(let id): "arrived \(id.uuidString)"
        case .present(let id): "present \(id.uuidString)"
        }
    }
}

/// How far something has come, by a name that all processes use.
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
