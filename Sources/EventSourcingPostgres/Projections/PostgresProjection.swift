public import EventSourcing
import FoundationEssentials
public import LibPQ

/// A projection with its tables and its checkpoints in one PostgreSQL database, which was migrated with
/// `Migrations/read_db`.
///
/// The rows of a batch and the checkpoint commit together, in one trip, and the checkpoint moves only from where it was
/// read: an event is applied exactly once in effect, whichever process runs the projection and wherever it is interrupted. See
/// <doc:OneTripCommit>.
public struct PostgresProjection: ProjectionTarget {
    /// The key of its checkpoints.
    public let name: String
    /// The events that one of the tables is made of.
    public let filter: LogFilter
    let client: PostgresClient
    private let tables: [any PostgresReadModel]
    private let cache = PartitionCache<PartitionMemory>()
    private let isPartitionable: Bool
    private let initialPartitions: Int
    /// Of which projection this is a new version, and in which schema, which comes first on the search path;
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

    /// The first table that others write to as well.
    var sharedTable: String? { tables.lazy.compactMap(\.sharedTable).first }

    /// See ``/EventSourcing/ProjectionTarget/layout()``.
    public func layout() async throws -> ProjectionLayout {
        if let layout = try await storedLayout() { return layout }
        _ = try await client.execute(Checkpoints.begin, name, Int32(initialPartitions))
        guard let layout = try await storedLayout() else { throw CheckpointMoved(projection: name, partition: 0) }
        return layout
    }

    private func storedLayout() async throws -> ProjectionLayout? {
        guard let row = try await client.query(Checkpoints.layout, name).first else { return nil }
        let (partitions, wanted, positions, versions) = try row.decode(
            Int32.self, Int32.self, [Int64].self, [Int64].self)
        return ProjectionLayout(
            partitions: Partitioning(Int(partitions)), wanted: Partitioning(isPartitionable ? Int(wanted) : 1),
            positions: positions.map(Position.init), versions: versions)
    }

    /// See ``/EventSourcing/ProjectionTarget/load(_:of:)``.
    public func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        cache.forget(partition)
        let start = ContinuousClock.now
        guard
            let row = try await client.query(Checkpoints.load, name, Int32(partition), Int32(partitioning.count)).first
        else {
            throw CheckpointMoved(projection: name, partition: partition)
        }
        let (version, position, incarnation, eventID, isPaused, hasSkipped, parkedStreams, tenants, streams, retries) =
            try row.decode(
                Int64.self, Int64.self, UUID?.self, UUID?.self, Bool.self, Bool.self, Int64.self, [String].self,
                [String].self, [Bool].self)
        if !hasSkipped { cache.keep(PartitionMemory(recallsAfter: start), of: partition, at: version) }
        var parked: [StreamName: Bool] = [:]
        for (index, stream) in streams.enumerated() {
            parked[StreamName(stored: stream, tenant: TenantID(stored: tenants[index]))] = retries[index]
        }
        return PartitionState(
            checkpoint: Checkpoint(incarnation: incarnation, position: Position(position), eventID: eventID),
            version: version, parked: parked, parkedStreams: Int(parkedStreams), isPaused: isPaused)
    }

    /// See ``/EventSourcing/ProjectionTarget/note(_:in:)``.
    public func note(_ stall: ProjectionStall?, in partition: Int) async throws {
        try await client.execute(Checkpoints.note, name, Int32(partition), stall?.since, stall?.reason)
    }
}

/// What the owner of a partition has in memory for its next commit.
private struct PartitionMemory: Sendable {
    /// What each of the tables remembers of the last commit; empty before the first one.
    var tables: [(any Sendable)?] = []
    /// States of aggregates that were read after it are those of the rows; nil where that is not certain.
    var recallsAfter: ContinuousClock.Instant?
}

// MARK: - Commits

extension PostgresProjection {
    /// The changes of the tables, in their order; nil for one in which nothing changes.
    private struct Changes: Sendable {
        let tables: [(any PostgresChange)?]
    }

    /// See ``/EventSourcing/ProjectionTarget/prepare(_:)``.
    public func prepare(_ events: [RecordedEvent]) -> (any Sendable)? { try? changes(by: events) }

    private func changes(by events: [RecordedEvent]) throws -> Changes {
        var decoded = DecodedEvents(events)
        return Changes(tables: try tables.map { try $0.change(by: &decoded) })
    }

    /// See ``/EventSourcing/ProjectionTarget/commit(_:)``.
    public func commit(_ commit: ProjectionCommit) async throws {
        let changes = try commit.prepared as? Changes ?? changes(by: commit.applied)
        let partition = PostgresPartition(of: name, commit.partition, version: commit.version)
        do {
            if let newVersion {
                try await self.commit(commit, changes, to: newVersion)
            } else {
                var memory = cache.take(commit.partition, at: commit.version) ?? PartitionMemory()
                let calls = try await statements(commit, changes, in: partition, &memory) { try await client.query($0) }
                try await client.execute(atomically: [try move(commit)] + calls)
                cache.keep(memory, of: commit.partition, at: commit.nextVersion)
            }
        } catch Checkpoints.moved {
            throw partition.moved
        }
    }

    /// Commits to a new version in a schema of its own: within a transaction that looks at what was written.
    private func commit(
        _ commit: ProjectionCommit, _ changes: Changes, to version: (live: String, schema: String)
    ) async throws {
        try await client.transaction { transaction in
            try await transaction.execute(RebuildSchemas.enter, version.schema)
            try await transaction.execute(try move(commit))
            let partition = PostgresPartition(of: name, commit.partition, version: commit.nextVersion)
            var memory = PartitionMemory()
            let calls = try await statements(commit, changes, in: partition, &memory) {
                try await transaction.query($0)
            }
            for call in calls { try await transaction.execute(call) }
            // It must not have written to the live version, or to anything else that is not its own.
            if let stray = try await transaction.query(RebuildSchemas.strayWrites, version.schema).first {
                throw ProjectionRebuildRefused(version.live, .undeclaredTable(try stray.decode(String.self)))
            }
        }
    }

    private func move(_ commit: ProjectionCommit) throws -> PostgresCall {
        try Checkpoints.move.call(naming: [
            "projection": name, "partition": Int32(commit.partition), "version": commit.version,
            "next_version": commit.nextVersion,
            "position": commit.checkpoint.position.rawValue, "incarnation": commit.checkpoint.incarnation,
            "event_id": commit.checkpoint.eventID,
        ])
    }

    /// What a commit writes besides the checkpoint: the rows of all tables, and what becomes of parked events.
    private func statements(
        _ commit: ProjectionCommit, _ changes: Changes, in partition: PostgresPartition,
        _ memory: inout PartitionMemory, read: (PostgresCall) async throws -> PostgresRows
    ) async throws -> [PostgresCall] {
        if memory.tables.isEmpty { memory.tables = Array(repeating: nil, count: tables.count) }
        var calls: [PostgresCall] = []
        for (index, change) in changes.tables.enumerated() {
            guard let change else { continue }
            calls += try await change.statements(
                in: partition, cache: &memory.tables[index], recallingAfter: memory.recallsAfter, read: read)
        }
        if !commit.parked.isEmpty {
            let events = commit.parked.map(\.event)
            calls.append(
                try ParkedEvents.park.call(naming: [
                    "projection": name, "partition": Int32(commit.partition),
                    "positions": events.map(\.position.rawValue), "tenants": events.map(\.tenant.rawValue),
                    "streams": events.map(\.stream.rawValue), "event_ids": events.map(\.id),
                    "types": events.map(\.type.rawValue), "reasons": commit.parked.map(\.reason),
                ]))
        }
        if !commit.released.isEmpty { calls.append(ParkedEvents.release(name, commit.released.map(\.rawValue))) }
        if !commit.retried.isEmpty { calls.append(ParkedEvents.retried(name, commit.retried.map(\.rawValue))) }
        return calls
    }
}

// MARK: - Parked streams and another number of partitions

extension PostgresProjection {
    /// See ``/EventSourcing/ProjectionTarget/parkedPositions(of:in:limit:)``.
    public func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        try await client.query(ParkedEvents.positions, name, Int32(partition), stream.rawValue, Int64(limit))
            .map { Position(try $0.decode(Int64.self)) }
    }

    /// See ``/EventSourcing/ProjectionTarget/repartition(_:at:into:)``.
    public func repartition(
        _ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning
    ) async throws {
        try await client.transaction { transaction in
            let removed = try await transaction.execute(
                Checkpoints.remove, name, versions.indices.map(Int32.init), versions)
            guard removed.affectedRows == versions.count else { throw CheckpointMoved(projection: name, partition: 0) }
            try await transaction.execute(
                try Checkpoints.replace.call(naming: [
                    "partitions": Int32(wanted.count), "projection": name, "version": (versions.max() ?? 0) + 1,
                    "position": checkpoint.position.rawValue, "incarnation": checkpoint.incarnation,
                    "event_id": checkpoint.eventID,
                ]))
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
