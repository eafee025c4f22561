public import EventSourcing
public import LibPQ
public import Logging

extension PostgresPositionRelay {
    /// The head of an event store's log: it moves ``PostgresEventStore/appended`` when another process has appended,
    /// and tells the others what this one appends. An append is never part of that, nor waits for it.
    public static func log(of store: PostgresEventStore, logger: Logger) -> PostgresPositionRelay {
        PostgresPositionRelay(["log": store.appended], on: "event_store_log", of: store.client, logger: logger) {
            ["log": try await store.head()]
        }
    }

    /// How far projections have come that another process may own, for those who read what they wrote.
    ///
    /// - Parameters:
    ///   - applied: the signals of what was applied, by the names of the projections.
    ///   - client: of the read database.
    public static func projections(
        _ applied: [String: PositionSignal], in client: PostgresClient, logger: Logger
    ) -> PostgresPositionRelay {
        PostgresPositionRelay(applied, on: "projection_checkpoints", of: client, logger: logger) {
            let rows = try await client.query(checkpoints, Array(applied.keys))
            let positions = try rows.map { try $0.decode(String.self, Int64.self) }
            return Dictionary(uniqueKeysWithValues: positions.map { ($0, Position($1)) })
        }
    }

    /// $1 projections
    private static let checkpoints = PostgresStatement(
        "select projection, min(position) from checkpoints where projection = any ($1) group by projection")
}
