import EventSourcing

/// Counts up, to a limit at most.
struct CountUp: AggregateCommand, Hashable {
    static let name = "tests.counter.count_up"
    static let schema = CommandSchema<CountUp>(
        .id("counter"), .integer("step", in: 0...1_000), .integer("limit", in: 0...1_000).optional
    )
    .rule("/limit", "Write a limit that is not less than the step.") { $0.limit ?? .max >= $0.step }

    let counter: String
    let step: Int
    var limit: Int?

    var entityID: String { counter }

    func decide(_ state: Counter, in context: MessageContext) throws -> [CounterEvent] {
        try state.count(by: step, upTo: limit ?? .max)
    }
}

extension CounterError: RefusalCode {
    var code: String { "limit-reached" }
}
