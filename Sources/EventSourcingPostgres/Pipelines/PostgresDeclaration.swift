public import EventSourcing
public import FoundationEssentials
public import LibPQ
public import Pipelines

/// A projection of a pipeline that can be kept in a read database.
public protocol PostgresDeclaration: ProjectionDeclaration {
    /// Hosts it there.
    ///
    /// - Parameters:
    ///   - client: of the read database.
    ///   - reader: the event store.
    func hosted(in client: PostgresClient, reading reader: any EventReader) -> HostedProjection
}

extension DocumentDeclaration: PostgresDeclaration {
    /// See ``PostgresDeclaration/hosted(in:reading:)``.
    public func hosted(in client: PostgresClient, reading reader: any EventReader) -> HostedProjection {
        let documents = PostgresDocuments(of: storedName, projection, reading: reader, in: client)
        let target = PostgresProjection(
            storedName, [documents.readModel], partitions: partitions.count, in: client)
        return HostedProjection(target, documents: documents)
    }
}

extension TargetDeclaration: PostgresDeclaration {
    /// See ``PostgresDeclaration/hosted(in:reading:)``.
    public func hosted(in client: PostgresClient, reading reader: any EventReader) -> HostedProjection {
        HostedProjection(target)
    }
}

/// A projection whose rows have a table of their own. In memory it keeps the rows as they are.
public struct RowDeclaration<Projection: StreamRowProjection>: PostgresDeclaration {
    /// The name within the pipeline, and the key of the checkpoints.
    public let name: String
    private let projection: Projection
    private let table: PostgresTable<Projection.Key, Projection.Row>
    private let partitions: Partitioning
    private var recalled: RecalledRows<Projection.Row>?

    init(
        _ name: String, _ projection: Projection, table: PostgresTable<Projection.Key, Projection.Row>,
        partitions: Partitioning
    ) {
        self.name = name
        self.projection = projection
        self.table = table
        self.partitions = partitions
    }

    /// See ``/Pipelines/ProjectionDeclaration/storedName``.
    public var storedName: String { name }
    /// See ``/Pipelines/ProjectionDeclaration/events``.
    public var events: (any DomainEvent.Type)? { Projection.Event.self }
    /// See ``/Pipelines/ProjectionDeclaration/filter``.
    public var filter: LogFilter { Projection.filter }

    /// See ``/Pipelines/ProjectionDeclaration/hosted(inMemoryReading:now:)``.
    public func hosted(
        inMemoryReading reader: any EventReader, now: @escaping @Sendable () -> Date
    ) -> HostedProjection {
        HostedProjection(InMemoryProjection(name, projection, partitions: partitions, now: now))
    }

    /// The same, with rows that need not be read.
    fileprivate func recalling(_ rows: RecalledRows<Projection.Row>) -> Self {
        var copy = self
        copy.recalled = rows
        return copy
    }

    /// See ``PostgresDeclaration/hosted(in:reading:)``.
    public func hosted(in client: PostgresClient, reading reader: any EventReader) -> HostedProjection {
        let readModel = PostgresRowReadModel(projection, table: table, recalling: recalled)
        return HostedProjection(PostgresProjection(name, [readModel], partitions: partitions.count, in: client))
    }
}

extension Pipeline {
    /// Adds a projection whose rows have a table of their own in the read database.
    ///
    /// - Parameters:
    ///   - name: also the key of its checkpoints; it never changes.
    ///   - partitions: how many there are when the projection begins; later it is an administrator who changes that.
    public func projection<P: StreamRowProjection>(
        _ name: String, _ projection: P, table: PostgresTable<P.Key, P.Row>, partitions: Int = 1
    ) -> Self {
        adding(RowDeclaration(name, projection, table: table, partitions: Partitioning(partitions)))
    }

    /// Adds a projection whose rows have a table of their own, and of which some need not be read: those that a process can
    /// make of the aggregates that it has in memory.
    ///
    /// - Parameter row: the row of an aggregate's state; see ``/EventSourcing/RecalledRows``.
    public func projection<P: StreamRowProjection>(
        _ name: String, _ projection: P, table: PostgresTable<P.Key, P.Row>, partitions: Int = 1,
        recalling row: @escaping @Sendable (Loaded<State>) -> P.Row?
    ) -> Self {
        adding(RowDeclaration(name, projection, table: table, partitions: Partitioning(partitions))) {
            $0.recalling(RecalledRows(of: $1, row))
        }
    }

    /// Drops the documents of the versions before those that the pipeline declares, with all that is known of their progress.
    ///
    /// No program may run these versions any more: one that does fills them again from the beginning of the log.
    ///
    /// - Parameter client: of the read database.
    /// - Returns: the stored names of the versions that were there.
    @discardableResult
    public func dropOldDocuments(in client: PostgresClient) async throws -> [String] {
        let old = projections.compactMap { $0 as? any VersionedDocuments }.flatMap(\.namesBefore)
        return try await client.transaction { transaction in
            var dropped: [String] = []
            for name in old {
                // A batch that is being written is waited for; the next one fails without its checkpoint.
                let known = try await transaction.execute(RebuildCheckpoints.forget, name).affectedRows
                let documents = try await transaction.execute(DocumentStatements.drop, name).affectedRows
                if known > 0 || documents > 0 { dropped.append(name) }
            }
            return dropped
        }
    }

    /// Its projections as they are kept in a read database, for their administration.
    public func postgresProjections(
        in client: PostgresClient, reading reader: any EventReader
    ) -> [PostgresProjection] {
        projections.compactMap { projection in
            (projection as? any PostgresDeclaration)?.hosted(in: client, reading: reader).target as? PostgresProjection
        }
    }
}
