/// A command on one aggregate: its name, its fields, the aggregate that it is for, and what it decides there.
///
/// ```swift
/// struct ChangePrice: AggregateCommand {
///     static let name = "catalog.product.change_price"
///     static let schema = CommandSchema<Self>(.id("productId"), .integer("price", in: 0...1_000_000_000))
///
///     let productId: String
///     let price: Int64
///
///     var entityID: String { productId }
///
///     func decide(_ product: Product, in context: MessageContext) throws -> [ProductEvent] {
///         try product.changePrice(to: price)
///     }
/// }
/// ```
///
/// It is sent through ``CommandSending``, directly or through a queue.
public protocol AggregateCommand: Command, Codable where Reach == Aggregates<Aggregate>, Response == CommandResult {
    associatedtype Aggregate: EventSourced

    /// How the command is decoded from JSON.
    static var schema: CommandSchema<Self> { get }

    /// The id of the aggregate, from the payload.
    var entityID: String { get }

    /// The events that follow from the state; none when there is nothing to say. It may be called several times.
    ///
    /// - Throws: why the command is refused; see ``CommandRefused``. An error with a category other than
    ///   ``ErrorCategory/validation`` is no refusal, and is thrown as it is.
    func decide(_ state: Aggregate, in context: MessageContext) throws -> [Aggregate.Event]
}

extension AggregateCommand {
    /// Loads the aggregate, decides, and appends.
    public func execute(in aggregates: Aggregates<Aggregate>) async throws -> CommandResult {
        try await aggregates.handle(self)
    }
}

/// How a command ended.
public struct CommandResult: Hashable, Sendable {
    /// The aggregate's stream.
    public let stream: StreamName
    /// The last revision of the stream; nil when it is empty still, because nothing was decided.
    public let revision: Revision?
    /// The position that a reader must have reached to see the outcome.
    public let position: Position
    /// True when the command had been handled before, and this is the outcome of then.
    public let isRepetition: Bool

    /// For senders of one's own.
    public init(stream: StreamName, revision: Revision?, position: Position, isRepetition: Bool) {
        self.stream = stream
        self.revision = revision
        self.position = position
        self.isRepetition = isRepetition
    }
}

extension CommandResult: Codable {
    private enum CodingKeys: String, CodingKey {
        case stream, revision, position, isRepetition
    }

    /// Reads what ``encode(to:)`` writes; throws for a name that is not valid.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            stream: try StreamName(container.decode(String.self, forKey: .stream)),
            revision: try container.decodeIfPresent(Int64.self, forKey: .revision).map(Revision.init),
            position: Position(try container.decode(Int64.self, forKey: .position)),
            isRepetition: try container.decode(Bool.self, forKey: .isRepetition))
    }

    /// Writes the names as text and the positions as numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(stream.rawValue, forKey: .stream)
        try container.encodeIfPresent(revision?.rawValue, forKey: .revision)
        try container.encode(position.rawValue, forKey: .position)
        try container.encode(isRepetition, forKey: .isRepetition)
    }
}
