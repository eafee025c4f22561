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
    public func hosted(in client: PostgresClient, reading reader: any EventReader) -> HostedProjection {
        let documents = PostgresDocuments(of: storedName, projection, reading: reader, in: client)
        let target = PostgresProjection(
            storedName, [documents.readModel], partitions: partitions.count, in: client)
        return HostedProjection(target, documents: documents)
    }
}

extension TargetDeclaration: PostgresDeclaration {
    public func hosted(in client: PostgresClient, reading reader: any EventReader) -> HostedProjection {
        HostedProjection(target)
    }
}

/// A projection whose rows have a table of their own. In memory it keeps the rows as they are.
public struct RowDeclaration<Projection: StreamRowProjection>: PostgresDeclaration {
    public let name: String
    private let projection: Projection
    private let table: PostgresTable<Projection.Key, Projection.Row>
    private let partitions: Partitioning

    init(
        _ name: String, _ projection: Projection, table: PostgresTable<Projection.Key, Projection.Row>,
        partitions: Partitioning
    ) {
        self.name = name
        self.projection = projection
        self.table = table
        self.partitions = partitions
    }

    public var storedName: String { name }
    public var events: (any DomainEvent.Type)? { Projection.Event.self }
    public var filter: LogFilter { Projection.filter }

    public func hosted(
        inMemoryReading reader: any EventReader, now: @escaping @Sendable () -> Date
    ) -> HostedProjection {
        HostedProjection(InMemoryProjection(name, projection, partitions: partitions, now: now))
    }

    public func hosted(in client: PostgresClient, reading reader: any EventReader) -> HostedProjection {
        let readModel = PostgresRowReadModel(projection, table: table)
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

    /// Its projections as they are kept in a read database, for their administration.
    public func postgresProjections(
        in client: PostgresClient, reading reader: any EventReader
    ) -> [PostgresProjection] {
        projections.compactMap { projection in
            (projection as? any PostgresDeclaration)?.hosted(in: client, reading: reader).target as? PostgresProjection
        }
    }
}
