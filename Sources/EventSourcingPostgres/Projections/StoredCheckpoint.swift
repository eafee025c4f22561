import EventSourcing
import FoundationEssentials
import LibPQ

/// Where a partition is, and its version, as ``Checkpoints/all`` and ``Checkpoints/hold`` find them.
struct StoredCheckpoint {
    let version: Int64
    let checkpoint: Checkpoint

    init(_ row: PostgresRow) throws {
        let (version, position, incarnation, eventID) = try row.decode(
            Int64.self, Int64.self, UUID?.self, UUID?.self)
        self.version = version
        checkpoint = Checkpoint(incarnation: incarnation, position: Position(position), eventID: eventID)
    }
}
