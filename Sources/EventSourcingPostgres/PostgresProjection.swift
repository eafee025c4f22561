public import EventSourcing
import FoundationEssentials
public import LibPQ

/// A projection with its tables and its checkpoints in one PostgreSQL database, which was migrated with
/// `Migrations/read_db`.
///
/// The rows of a batch and the checkpoint commit together, and the checkpoint moves only from where it was read: an
/// event is applied exactly once in effect, whoever runs the projection and wherever it is interrupted.
public struct PostgresProjection: ProjectionTarget {
    public let name: String
    public let filter: LogFilter
    let client: PostgresClient
    private let tables: [any PostgresReadModel]
    private let isPartitionable: Bool
    private let initialPartitions: Int
    /// Of which projection this is a new version, and in which schema, which stands before all others on the search path;
    /// nil for the live one.
    private let newVersion: (live: String, schema: String)?

    /// - Parameters:
    ///   - name: the key of the checkpoints; it never changes.
    ///   - tables: what the events are turned into, all in the same transactions.
    ///   - tenant: whose events are read; nil for those of all.
    ///   - partitions: how many there are when the projection begins; later it is an administrator who changes that. One,
    ///     whatever is said, when a table has rows that belong to several streams.
    ///   - client: of the read database.
    public init(
        _ name: String, _ tables: [any PostgresReadModel], of tenant: TenantID? = nil, partitions: Int = 1,
        in client: PostgresClient
    ) {
        self.name = name
        self.tables = tables
        newVersion = nil
        self.client = client
        let filters = tables.map(\.filter)
        var filter = LogFilter(tenant: tenant)
        if !filters.contains(where: { $0.typePrefixes == nil }) {
            filter.typePrefixes = filters.reduce(into: []) { $0.formUnion($1.typePrefixes ?? []) }
        }
        self.filter = filter
        isPartitionable = tables.allSatisfy(\.isPartitionable)
        initialPartitions = isPartitionable ? partitions : 1
    }

    /// The new version of a projection, in a schema of its own and with checkpoints of its own.
    init(_ name: String, of live: PostgresProjection, in schema: String, partitions: Int) {
        self.name = name
        newVersion = (live.name, schema)
        tables = live.tables
        client = live.client
        filter = live.filter
        isPartitionable = live.isPartitionable
        initialPartitions = partitions
    }

    /// The names of all tables that it writes to.
    var tableNames: [String] { tables.flatMap(\.tables) }

    public func layout() async throws -> ProjectionLayout {
        if let layout = try await storedLayout() { return layout }
        _ = try await client.execute(Checkpoints.begin, name, Int32(initialPartitions))
        guard let layout = try await storedLayout() else { throw CheckpointMoved(projection: name, partition: 0) }
        return layout
    }

    private func storedLayout() async throws -> ProjectionLayout? {
        guard let row = try await client.query(Checkpoints.layout, name).first else { return nil }
        let (partitions, wanted, positions) = try row.decode(Int32.self, Int32.self, [Int64].self)
        return ProjectionLayout(
            partitions: Partitioning(Int(partitions)), wanted: Partitioning(isPartitionable ? Int(wanted) : 1),
            positions: positions.map(Position.init))
    }

    public func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        guard
            let row = try await client.query(Checkpoints.load, name, Int32(partition), Int32(partitioning.count)).first
        else {
            throw CheckpointMoved(projection: name, partition: partition)
        }
        let (version, position, incarnation, eventID, isPaused, parkedStreams, tenants, streams, retries) =
            try row.decode(
                Int64.self, Int64.self, UUID?.self, UUID?.self, Bool.self, Int64.self, [String].self, [String].self,
                [Bool].self)
        var parked: [StreamName: Bool] = [:]
        for (index, stream) in streams.enumerated() {
            parked[StreamName(stored: stream, tenant: TenantID(stored: tenants[index]))] = retries[index]
        }
        return PartitionState(
            checkpoint: Checkpoint(incarnation: incarnation, position: Position(position), eventID: eventID),
            version: version, parked: parked, parkedStreams: Int(parkedStreams), isPaused: isPaused)
    }

    public func prepare(_ events: [RecordedEvent]) -> (any Sendable)? { try? changes(by: events) }

    private func changes(by events: [RecordedEvent]) throws -> [PostgresChange] {
        try tables.compactMap { try $0.change(by: events) }
    }

    public func commit(_ commit: ProjectionCommit) async throws {
        let changes = try commit.prepared as? [PostgresChange] ?? changes(by: commit.applied)
        try await client.transaction { transaction in
            if let newVersion { try await transaction.execute(RebuildSchemas.enter, newVersion.schema) }
            let moved = try await transaction.execute(
                Checkpoints.move, name, Int32(commit.partition), commit.version, commit.checkpoint.position.rawValue,
                commit.checkpoint.incarnation, commit.checkpoint.eventID)
            guard moved.affectedRows == 1 else {
                throw CheckpointMoved(projection: name, partition: commit.partition)
            }
            for change in changes { try await change(transaction) }
            if let newVersion { try await checkWrites(of: newVersion, in: transaction) }
            try await write(commit, in: transaction)
        }
    }

    /// Makes sure that a new version has not written to the live one, or to anything else that is not its own.
    private func checkWrites(
        of version: (live: String, schema: String), in transaction: borrowing PostgresTransaction
    ) async throws {
        let strays = try await transaction.query(RebuildSchemas.strayWrites, version.schema)
        guard let stray = strays.first else { return }
        throw ProjectionRebuildRefused(version.live, .undeclaredTable(try stray.decode(String.self)))
    }

    /// Writes what becomes of parked events.
    private func write(_ commit: ProjectionCommit, in transaction: borrowing PostgresTransaction) async throws {
        if !commit.parked.isEmpty {
            let events = commit.parked.map(\.event)
            try await transaction.execute(
                ParkedEvents.park, name, Int32(commit.partition), events.map(\.position.rawValue),
                events.map(\.tenant.rawValue), events.map(\.stream.rawValue), events.map(\.id),
                events.map(\.type.rawValue), commit.parked.map(\.reason))
        }
        if !commit.released.isEmpty {
            try await transaction.execute(ParkedEvents.release, name, commit.released.map(\.rawValue))
        }
        if !commit.retried.isEmpty {
            try await transaction.execute(ParkedEvents.retried, name, commit.retried.map(\.rawValue))
        }
    }

    public func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        try await client.query(ParkedEvents.positions, name, Int32(partition), stream.rawValue, Int64(limit))
            .map { Position(try $0.decode(Int64.self)) }
    }

    public func note(_ stall: ProjectionStall?, in partition: Int) async throws {
        try await client.execute(Checkpoints.note, name, Int32(partition), stall?.since, stall?.reason)
    }
}

// MARK: - Another number of partitions

extension PostgresProjection {
    public func repartition(
        _ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning
    ) async throws {
        try await client.transaction { transaction in
            let removed = try await transaction.execute(
                Checkpoints.remove, name, versions.indices.map(Int32.init), versions)
            guard removed.affectedRows == versions.count else { throw CheckpointMoved(projection: name, partition: 0) }
            try await transaction.execute(
                Checkpoints.replace, name, Int32(wanted.count), (versions.max() ?? 0) + 1,
                checkpoint.position.rawValue, checkpoint.incarnation, checkpoint.eventID)
            let parked = try await transaction.query(ParkedEvents.streams, name).map { row in
                let (tenant, stream) = try row.decode(String.self, String.self)
                return StreamName(stored: stream, tenant: TenantID(stored: tenant))
            }
            guard !parked.isEmpty else { return }
            try await transaction.execute(
                ParkedEvents.assign, name, parked.map(\.rawValue),
                parked.map { Int32(wanted.partition(of: $0)) })
        }
    }
}
