public import EventSourcing
import LibPQ
public import Logging

/// Builds the tables of a projection anew beside the old ones, while these serve, and then puts them in their place.
///
/// The new version is in the schema `rebuild_<projection>` and has checkpoints of its own, as the projection
/// `<projection>/rebuild`; whatever interrupts a rebuild, ``run(restarting:acceptingDifferences:report:)`` goes on
/// where it was. See <doc:RebuildBesideTheOld>.
public struct PostgresProjectionRebuild: Sendable {
    let live: PostgresProjection
    let reader: any EventReader
    let logger: Logger
    let schemas: RebuildSchemas

    /// - Parameters:
    ///   - projection: as the service runs it, though on a client of its own, of the role that owns the tables: it
    ///     takes up to six of the leased connections.
    ///   - reader: the event store.
    public init(of projection: PostgresProjection, reading reader: any EventReader, logger: Logger) {
        live = projection
        self.reader = reader
        self.logger = logger
        schemas = RebuildSchemas(projection: projection.name, tables: projection.tableNames)
    }

    /// The name under which the checkpoints and the parked events of the new version are kept.
    public var name: String { Self.name(for: live.name) }

    /// The name under which a new version of a projection is kept.
    public static func name(for projection: String) -> String { "\(projection)/rebuild" }

    /// The schema in which the new version of a projection is built.
    public static func schema(for projection: String) -> String { "rebuild_\(projection)" }

    /// The schema in which the version of a projection before its last rebuild is kept.
    public static func previousSchema(for projection: String) -> String { "previous_\(projection)" }

    /// Begins a rebuild, or goes on with it, until the new version is in the place of the old one, or differs from it.
    ///
    /// Whoever runs the projection goes on by itself, and needs not be told. The old tables are kept in the schema
    /// `previous_<projection>` until ``dropPrevious()``.
    ///
    /// - Parameters:
    ///   - restarting: throws away what an interrupted rebuild has left, as is right when the program has changed.
    ///   - acceptingDifferences: switches also when the two versions differ, as they should when the code has
    ///     changed; otherwise the new one is then kept beside the old one.
    ///   - report: told how far it has come, after every batch.
    /// - Throws: ``/EventSourcing/ProjectionRebuildRefused``, ``/EventSourcing/ProjectionNotFound``;
    ///   ``/EventSourcing/ProjectionStopped`` when the event store changes meanwhile, or too many streams are parked;
    ///   ``/EventSourcing/ProjectionRebuildUncertain`` when the database was lost at the moment of the switch.
    public func run(
        restarting: Bool = false, acceptingDifferences: Bool = false,
        report: @escaping @Sendable (ProjectionRebuildProgress) -> Void = { _ in }
    ) async throws -> ProjectionRebuildOutcome {
        if let table = live.sharedTable { throw ProjectionRebuildRefused(live.name, .sharedTable(table)) }
        return try await alone {
            let healing = try await PostgresProjectionHealing(reading: reader, in: live.client).plan(for: live.name)
            guard healing.remedy != .adopt else { throw ProjectionRebuildRefused(live.name, .needsHealing) }
            let incomparable = healing.cause
            let tables = try await prepare(restarting: restarting)
            let work = RebuildWork(
                rebuild: self, tables: tables, isComparable: incomparable == nil,
                start: try await new(1).layout().position,
                report: report)
            let compared = incomparable == nil ? try await work.compare() : []
            let parked = try await PostgresProjectionAdministration(live.client).projections()
                .first { $0.projection == name }?.parkedEvents
            let isAccepted = acceptingDifferences || compared.allSatisfy(\.isEqual)
            if isAccepted { try await work.exchange() }
            return ProjectionRebuildOutcome(
                tables: compared, incomparable: incomparable, parkedEvents: parked ?? 0, isSwitched: isAccepted)
        }
    }

    /// Throws a rebuild away that was begun and not finished.
    ///
    /// - Throws: ``/EventSourcing/ProjectionRebuildRefused`` when there is none, or another process works on it.
    public func discard() async throws {
        try await alone {
            try await live.client.transaction { transaction in
                let isKept = try await transaction.query(Self.hasCheckpoints, name)[0].decode(Bool.self)
                guard try await schemas.present(in: transaction).hasNew || isKept else {
                    throw ProjectionRebuildRefused(live.name, .notBegun)
                }
                try await discard(in: transaction)
            }
        }
    }

    /// Drops the version that was replaced by the last rebuild.
    ///
    /// - Throws: ``/EventSourcing/ProjectionRebuildRefused`` when there is none, or a rebuild is under way.
    public func dropPrevious() async throws {
        try await alone {
            try await live.client.transaction { transaction in
                guard try await schemas.present(in: transaction).hasPrevious else {
                    throw ProjectionRebuildRefused(live.name, .noPrevious)
                }
                try await schemas.drop(schemas.previous, in: transaction)
            }
        }
    }

    /// The new version in a number of partitions.
    func new(_ partitions: Int) -> PostgresProjection {
        PostgresProjection(name, of: live, in: schemas.new, partitions: partitions)
    }

    /// Runs `body` unless another process works on the rebuild. A lock of a session ends with its process.
    private func alone<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        try await live.client.withConnection { connection in
            guard try await connection.query(Self.lock, name)[0].decode(Bool.self) else {
                throw ProjectionRebuildRefused(live.name, .isRunning)
            }
            return try await body()
        }
    }
}

// MARK: - The beginning

extension PostgresProjectionRebuild {
    /// Makes what is not there yet: the empty tables and, in the same transaction, the checkpoints.
    private func prepare(restarting: Bool) async throws -> RebuildSchemas.Live {
        try await live.client.transaction { transaction in
            guard let row = try await transaction.query(Checkpoints.layout, live.name).first else {
                throw ProjectionNotFound(live.name)
            }
            let partitions = try row.decode(Int32.self, Int32.self, [Int64].self).0
            let tables = try await schemas.live(in: transaction)
            if restarting { try await discard(in: transaction) }
            let present = try await schemas.present(in: transaction)
            if present.hasPrevious { throw ProjectionRebuildRefused(live.name, .previousIsKept) }
            guard let begun = try await transaction.query(Checkpoints.layout, name).first else {
                if present.hasNew { throw ProjectionRebuildRefused(live.name, .tablesChanged) }
                try await schemas.create(like: tables, in: transaction)
                try await transaction.execute(Checkpoints.begin, name, partitions)
                return tables
            }
            guard present.fingerprint == tables.fingerprint else {
                throw ProjectionRebuildRefused(live.name, .tablesChanged)
            }
            guard try begun.decode(Int32.self, Int32.self, [Int64].self).0 == partitions else {
                throw ProjectionRebuildRefused(live.name, .partitionsChanged)
            }
            return tables
        }
    }

    private func discard(in transaction: borrowing PostgresTransaction) async throws {
        try await schemas.drop(schemas.new, in: transaction)
        try await transaction.execute(RebuildCheckpoints.forget, name)
    }

    /// $1 name. Until the session ends.
    private static let lock = PostgresStatement(
        "select pg_try_advisory_lock(hashtextextended('work on ' || $1, 0))")

    /// $1 name
    private static let hasCheckpoints = PostgresStatement(
        "select exists (select from projections where projection = $1)")
}
