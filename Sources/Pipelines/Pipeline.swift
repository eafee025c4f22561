public import EventSourcing

/// Everything that belongs to one kind of aggregate, as one value: its commands, projections, event handlers, outbox routes
/// and publishers.
///
/// ```swift
/// let catalog = Pipeline("catalog", of: Product.self, category: try StreamCategory("catalog.product.v1"))
///     .command(CreateProduct.self)
///     .command(ChangePrice.self)
///     .projection("cards", ProductCards())
///     .handler("price-alerts", on: [.priceChanged]) { event in try await alert(event) }
///
/// try await catalog.run(on: .inMemory()) { catalog in
///     try await catalog.commands.send(CreateProduct(id: "p1", price: 100), in: context, waitingUpTo: .seconds(5))
///     let card = try await catalog.projection(named: "cards", of: ProductCards.self).get("p1", in: context)
/// }
/// ```
///
/// The value says what there is and nothing about where: it runs on PostgreSQL or in memory, by the ``PipelineRuntime`` that
/// ``service(on:running:logger:)`` is given. What does not fit is found before anything runs, see ``check()``.
public struct Pipeline<State: EventSourced, Reach: Sendable>: Sendable {
    /// What its aggregates decide.
    public typealias Event = State.Event

    /// Unique among the pipelines of a log: the names of documents and of handlers begin with it.
    public let name: String
    /// Of the aggregates' streams.
    public let category: StreamCategory
    /// The commands that ``PipelineCommands`` sends and executes.
    public internal(set) var commands: [any Command<Reach>.Type] = []
    /// Adds the commands on one aggregate each to a registry.
    var registrations: [@Sendable (inout CommandRegistry, AggregateStore<State>) throws -> Void] = []
    /// Where these are handled.
    public internal(set) var dispatch = CommandDispatch.direct
    var makeWorker: CommandWorker.Maker?
    /// The read models that are made of its events.
    public internal(set) var projections: [any ProjectionDeclaration] = []
    /// The projections that use the aggregates in memory, by their names.
    var bindings: [String: @Sendable (AggregateCache<State>) -> any ProjectionDeclaration] = [:]
    /// What follows its events: handlers, routes and process managers.
    public internal(set) var consumers: [any PipelineConsumer<Reach>] = []
    /// The events of other pipelines that the consumers of this one follow, and where they are.
    var followed: [(events: any DomainEvent.Type, category: StreamCategory)] = []
    var snapshots: (@Sendable (any SnapshotStore, SnapshotWriter) -> Snapshots<State>)?
    private let makeReach: @Sendable (AggregateStore<State>, MessageContext) -> Reach

    /// A pipeline whose commands have a reach of their own.
    ///
    /// - Parameter makeReach: what a command may touch, from the aggregates and the context that it is sent in.
    public init(
        _ name: String, of aggregate: State.Type, category: StreamCategory,
        reaching makeReach: @escaping @Sendable (AggregateStore<State>, MessageContext) -> Reach
    ) {
        self.name = name
        self.category = category
        self.makeReach = makeReach
    }

    /// A pipeline whose commands are each for one aggregate.
    public init(_ name: String, of aggregate: State.Type, category: StreamCategory) where Reach == Aggregates<State> {
        self.init(name, of: aggregate, category: category) {
            Aggregates(store: $0, category: category, context: $1)
        }
    }

    /// A copy with a change.
    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    /// Sends the commands on these aggregates as the pipeline says.
    func sender(on aggregates: AggregateStore<State>) throws -> CommandSender {
        var registry = CommandRegistry()
        for register in registrations { try register(&registry, aggregates) }
        return CommandSender(registry, by: dispatch)
    }

    /// The bus of the commands on these aggregates.
    func bus(on aggregates: AggregateStore<State>) -> CommandBus<Reach> {
        CommandBus { [makeReach] in makeReach(aggregates, $0) }
    }
}

extension Pipeline {
    /// Adds a command with what it may touch of its own, which ``PipelineCommands/execute(_:in:)`` takes.
    public func command<C: Command<Reach>>(_ command: C.Type) -> Self { with { $0.commands.append(command) } }

    /// Adds a command on one aggregate, which ``PipelineCommands/send(_:in:)`` takes.
    public func command<C: AggregateCommand>(_ command: C.Type) -> Self
    where C.Aggregate == State, Reach == Aggregates<State> {
        with { pipeline in
            pipeline.commands.append(command)
            pipeline.registrations.append { [category] registry, aggregates in
                try registry.register(command, handledBy: aggregates, in: category)
            }
        }
    }

    /// Says where the commands are handled: at once, unless stated. Results, errors and idempotency are the same.
    ///
    /// ```swift
    /// .commands(dispatched: .queued(queue)) { commands, logger in
    ///     JobWorker(of: queue, logger: logger) { job, _ in try await commands.handle(job) }
    /// }
    /// ```
    ///
    /// - Parameter makeWorker: gives what takes the commands out of the queue, in each process that runs the consumers of the
    ///   pipeline; nil where other programs do.
    public func commands(
        dispatched dispatch: CommandDispatch, workedBy makeWorker: CommandWorker.Maker? = nil
    ) -> Self where Reach == Aggregates<State> {
        with {
            $0.dispatch = dispatch
            $0.makeWorker = makeWorker
        }
    }

    /// Takes snapshots of the aggregates, so that long streams are not folded from their beginning.
    public func snapshots(_ policy: SnapshotPolicy) -> Self where State: Snapshottable {
        with { $0.snapshots = { Snapshots(in: $0, policy: policy, writer: $1) } }
    }

    /// Names events of another pipeline, so that handlers of this one may follow them.
    public func following<Other: DomainEvent>(_ events: Other.Type, in category: StreamCategory) -> Self {
        with { $0.followed.append((events, category)) }
    }
}
