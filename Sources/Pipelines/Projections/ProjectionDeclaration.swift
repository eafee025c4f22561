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
    /// What the events are applied to.
    public let target: any ProjectionTarget
    /// Its documents; nil when its rows are read in another way.
    public let documents: (any DocumentStore)?

    /// For runtimes; `documents` reads what the target writes.
    public init(_ target: any ProjectionTarget, documents: (any DocumentStore)? = nil) {
        self.target = target
        self.documents = documents
    }
}

/// Documents that have a version.
package protocol VersionedDocuments: ProjectionDeclaration {
    /// The stored names of the versions before this one.
    var namesBefore: [String] { get }
}

/// A projection whose documents a runtime keeps.
public struct DocumentDeclaration<Projection: DocumentProjection>: VersionedDocuments {
    /// The name within the pipeline.
    public let name: String
    private let pipeline: String
    private let version: Int
    package let projection: Projection
    package let partitions: Partitioning

    init(_ name: String, _ projection: Projection, of pipeline: String, version: Int, partitions: Int) {
        self.name = name
        self.projection = projection
        self.pipeline = pipeline
        self.version = version
        self.partitions = Partitioning(partitions)
    }

    /// The key of the checkpoints and documents.
    public var storedName: String { storedName(version) }
    package var namesBefore: [String] { (1..<max(1, version)).map(storedName) }

    private func storedName(_ version: Int) -> String { "\(pipeline).\(name).v\(version)" }

    /// See ``ProjectionDeclaration/events``.
    public var events: (any DomainEvent.Type)? { Projection.Event.self }
    /// See ``ProjectionDeclaration/filter``.
    public var filter: LogFilter { Projection.filter }

    /// See ``ProjectionDeclaration/hosted(inMemoryReading:now:)``.
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

    /// See ``ProjectionDeclaration/name``.
    public var name: String { target.name }
    /// See ``ProjectionDeclaration/storedName``.
    public var storedName: String { target.name }
    /// See ``ProjectionDeclaration/events``.
    public var events: (any DomainEvent.Type)? { nil }
    /// See ``ProjectionDeclaration/filter``.
    public var filter: LogFilter { target.filter }

    /// See ``ProjectionDeclaration/hosted(inMemoryReading:now:)``.
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
            DocumentDeclaration(name, projection, of: self.name, version: version, partitions: partitions))
    }

    /// Adds a projection on a target of one's own, named as the target is.
    public func projection(on target: some ProjectionTarget) -> Self { adding(TargetDeclaration(target)) }

    /// Adds a projection that was declared in another way.
    public func adding(_ projection: some ProjectionDeclaration) -> Self { with { $0.projections.append(projection) } }

    /// Adds a projection that can use the aggregates which a running pipeline has in memory.
    ///
    /// - Parameter bind: gives the declaration what it can use of them.
    public func adding<Declaration: ProjectionDeclaration>(
        _ projection: Declaration,
        recalling bind: @escaping @Sendable (Declaration, AggregateCache<State>) -> Declaration
    ) -> Self {
        adding(projection).with { $0.bindings[projection.name] = { bind(projection, $0) } }
    }
}
