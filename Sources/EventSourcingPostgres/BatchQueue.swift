/// What waits for a batch, and what goes together into the next one. Pure: it knows neither tasks nor a database.
protocol BatchQueue<Item, Caller>: Sendable {
    associatedtype Item: Sendable
    associatedtype Caller: Sendable

    /// How many items wait.
    var count: Int { get }

    /// Whose items wait.
    var callers: [Caller] { get }

    /// Lets an item wait.
    ///
    /// - Returns: false when too many wait already.
    mutating func add(_ item: Item, for caller: Caller) -> Bool

    /// Lets items wait once more, before all others and in their order: they have waited already.
    mutating func putBack(_ items: [(item: Item, caller: Caller)])

    /// Takes the next batch if there is room for one in flight; empty when there is none to take. A batch that was taken
    /// is to be finished.
    mutating func takeBatch() -> [Caller]

    /// Takes the room of a batch for an item that is just coming, if nothing waits and there is no need to let it wait.
    mutating func takeAtOnce() -> Bool

    /// Notes that a batch is no longer in flight.
    mutating func finish()

    /// Takes out the caller that `matches`; nil when it does not wait any more.
    mutating func remove(where matches: (Caller) -> Bool) -> Caller?

    /// Takes out all callers that `matches` is true of.
    mutating func removeAll(where matches: (Caller) -> Bool) -> [Caller]
}
