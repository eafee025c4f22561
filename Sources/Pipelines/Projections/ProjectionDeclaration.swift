public import EventSourcing
public import FoundationEssentials

/// A projection of a pipeline before it is known where its rows are: a ``PipelineRuntime`` hosts it.
public protocol ProjectionDeclaration: Sendable {
    /// What it is found by, unique within its pipeline.
    var name: String { get }
    /// The key of its checkpoints, unique within a read database.
    var storedName: String { get }
    /// The kind of event that it folds; nil where only its target knows.
    var events: (any DomainEvent.Type)? { get }
    /// The events that it wants to see.
    var filter: LogFilter { get }

    /// Hosts it in memory.
    func hosted(inMemoryReading reader: any EventReader, now: @escaping @Sendable () -> Date) -> HostedProjection
}

/// A projection in its place.
public struct HostedProjection: Sendable {
    public let target: any ProjectionTarget
    /// Its documents; nil when its rows are read in another way.
    public let documents: (any DocumentStore)?

    public init(_ target: any ProjectionTarget, documents: (any DocumentStore)? = nil) {
        self.target = target
        self.documents = documents
    }
}

/// A projection whose documents a runtime keeps.
public struct DocumentDeclaration<Projection: DocumentProjection>: ProjectionDeclaration {
    public let name: String
    public let storedName: String
    package let projection: Projection
    package let partitions: Partitioning

    public var events: (any DomainEvent.Type)? { Projection.Event.self }
    public var filter: LogFilter { Projection.filter }

    public func hosted(
        inMemoryReading reader: any EventReader, now: @escaping @Sendable () -> Date
    ) -> HostedProjection {
        let target = InMemoryProjection(storedName, projection, partitions: partitions, now: now)
        return HostedProjection(target, documents: InMemoryDocuments(target, reading: reader))
    }
}

/// A projection on a target of one's own, wherever the pipeline runs.
public struct TargetDeclaration: ProjectionDeclaration {
    package let target: any ProjectionTarget

    init(_ target: any ProjectionTarget) { self.target = target }

    public var name: String { target.name }
    public var storedName: String { target.name }
    public var events: (any DomainEvent.Type)? { nil }
    public var filter: LogFilter { target.filter }

    public func hosted(
        inMemoryReading reader: any EventReader, now: @escaping @Sendable () -> Date
    ) -> HostedProjection { HostedProjection(target) }
}

extension Pipeline {
    /// Adds a projection whose documents the runtime keeps.
    ///
    /// Each projection follows the log by itself: one that fails does not hold up the others.
    ///
    /// - Parameters:
    ///   - version: of what is folded. With the next one the documents are made again from the log beside those of the
    ///     version before, which programs of before go on to read.
    ///   - partitions: how many there are when the projection begins; later it is an administrator who changes that.
    public func projection<P: DocumentProjection>(
        _ name: String, _ projection: P, version: Int = 1, partitions: Int = 1
    ) -> Self {
        adding(
            DocumentDeclaration(
                name: name, storedName: "\(self.name).\(name).v\(version)", projection: projection,
                partitions: Partitioning(partitions)))
    }

    /// Adds a projection on a target of one's own, named as the target is.
    public func projection(on target: some ProjectionTarget) -> Self { adding(TargetDeclaration(target)) }

    /// Adds a projection that was declared in another way.
    public func adding(_ projection: some ProjectionDeclaration) -> Self { with { $0.projections.append(projection) } }
}
