public import EventSourcing
import Logging
public import ServiceLifecycle

/// A pipeline on a runtime: sends its commands, reads its projections, and, as a service, runs what follows the log.
///
/// For graceful shutdown the commands in hand end first, then the handlers and sinks, then the projections. One that has
/// stopped is not run again: make another one of the pipeline, on the same runtime if that is in memory.
public struct PipelineService<State: EventSourced, Reach: Sendable>: Service {
    /// The name of the pipeline.
    public let name: String
    /// The category of the aggregates' streams.
    public let category: StreamCategory
    /// Sends the pipeline's commands.
    public let commands: PipelineCommands<Reach>
    /// Loads the aggregates and appends to them.
    public let aggregates: AggregateStore<State>
    /// The relays to its sinks, in the order in which these were added; none where another process runs them.
    public let relays: [Relay]
    private let positions: AppliedPositions
    private let hosted: [String: (storedName: String, projection: HostedProjection)]
    private let services: [any Service]
    private let logger: Logger

    init(
        _ pipeline: Pipeline<State, Reach>, on runtime: some PipelineRuntime, running parts: Set<PipelinePart>,
        logger: Logger
    ) throws {
        name = pipeline.name
        category = pipeline.category
        self.logger = logger
        var hosted: [String: (storedName: String, projection: HostedProjection)] = [:]
        let states = AggregateCache<State>()
        for declared in pipeline.projections {
            let projection = pipeline.bindings[declared.name]?(states) ?? declared
            hosted[projection.name] = (projection.storedName, try runtime.host(projection))
        }
        self.hosted = hosted
        positions = AppliedPositions(
            signals: Dictionary(uniqueKeysWithValues: hosted.values.map { ($0.storedName, PositionSignal()) }))

        let writer = SnapshotWriter(runtime.snapshots, logger: logger)
        aggregates = AggregateStore(
            runtime.events, snapshots: pipeline.snapshots?(runtime.snapshots, writer), cache: states)
        commands = PipelineCommands(
            try pipeline.sender(on: aggregates), pipeline.bus(on: aggregates), of: pipeline.name, pipeline.commands,
            applied: positions)

        var services: [any Service] = pipeline.snapshots == nil ? [] : [writer]
        if parts.contains(.projections), !hosted.isEmpty {
            let coordination = runtime.coordination(of: positions.signals, logger: logger)
            services += coordination.services
            for (storedName, projection) in hosted.values {
                guard let applied = positions.signals[storedName] else { continue }
                services.append(
                    ProjectionRunner(
                        reading: runtime.events, into: projection.target, owning: coordination.ownership,
                        appended: runtime.appended, tail: runtime.tail, applied: applied, clock: runtime.clock,
                        logger: logger))
            }
        }
        if parts.contains(.consumers), let makeWorker = pipeline.makeWorker {
            // It ends after the consumers, which may wait for what they have sent.
            let worker = try makeWorker(CommandWorker(commands.registry), logger)
            services.append(EndingQuietly(worker, logger: logger))
        }
        var relays: [Relay] = []
        if parts.contains(.consumers), !pipeline.consumers.isEmpty {
            let wakeups = SubscriptionWakeups(
                reading: runtime.events, appended: runtime.appended, tail: runtime.tail, changes: runtime.subscriptions,
                clock: runtime.clock, logger: logger)
            services.append(wakeups)
            let host = PipelineHost(
                runtime: runtime, wakeups: wakeups, commands: commands.bus, sender: commands.sender, logger: logger)
            for consumer in pipeline.consumers {
                let service = try consumer.service(on: host)
                if let relay = service as? Relay { relays.append(relay) }
                services.append(EndingQuietly(service, logger: logger))
            }
        }
        self.relays = relays
        self.services = services + [commands.gate]
    }

    /// Runs everything that follows the log until graceful shutdown.
    public func run() async throws {
        try await ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger)).run()
    }
}

/// What of a pipeline a process runs. Commands are sent in any case.
public enum PipelinePart: CaseIterable, Hashable, Sendable {
    case projections
    /// Handlers, routes, publishers and process managers, and the worker of queued commands.
    case consumers
}

extension PipelineService {
    /// Appends events that were decided elsewhere, such as those of an import, to the stream of one aggregate.
    ///
    /// - Parameters:
    ///   - entityID: the aggregate's id.
    ///   - context: whose stream it is, and on whose behalf; with its command they are stored once.
    ///   - expected: what the stream's revision has to be; nil for whatever it is.
    /// - Throws: as ``/EventSourcing/AggregateStore/transact(_:in:expecting:by:presumingNew:_:)-(_,_,_,CommandKey?,_,_)``.
    @discardableResult
    public func store(
        events: [State.Event], to entityID: String, in context: MessageContext,
        expecting expected: ExpectedRevision? = nil
    ) async throws -> Transacted<State> {
        let stream = try StreamName(category: category, tenant: context.tenant, entityID: entityID)
        return try await commands.gate.pass {
            try await aggregates.transact(stream, in: context, expecting: expected, by: context.command) {
                (_: State) -> [State.Event] in events
            }
        }
    }

    /// The documents of a projection.
    ///
    /// - Throws: ``UnknownProjection`` when there is none of this name, or it has other documents.
    public func projection<P: DocumentProjection>(
        named name: String, of type: P.Type = P.self
    ) throws(UnknownProjection) -> ProjectedDocuments<P.Row> {
        let applied = try progress(ofProjection: name)
        guard let documents = hosted[name]?.projection.documents as? any DocumentStore<P.Row> else {
            throw UnknownProjection(
                projection: name, pipeline: self.name, reason: "its documents are not those of \(P.self)")
        }
        return ProjectedDocuments(documents, category: category, applied: applied)
    }

    /// How far a projection has come.
    ///
    /// - Throws: ``UnknownProjection`` when there is none of this name.
    public func progress(ofProjection name: String) throws(UnknownProjection) -> PositionSignal {
        guard let storedName = hosted[name]?.storedName, let applied = positions.signals[storedName] else {
            let known = hosted.keys.sorted().joined(separator: ", ")
            throw UnknownProjection(projection: name, pipeline: self.name, reason: "there are: \(known)")
        }
        return applied
    }

    /// Waits until all projections have applied what is at a position; tells whether they have.
    public func wait(until position: Position, atMost timeout: Duration) async throws -> Bool {
        try await positions.wait(until: position, atMost: timeout)
    }
}
