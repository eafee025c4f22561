import EventSourcing
import EventSourcingPostgres
import FoundationEssentials

/// Appends of an event with a tag, and of one on the condition that its tag is new, beside plain appends; and the same when
/// all depend on one tag.
enum ConditionWorkload {
    /// What an append has besides its event.
    enum Kind: String, CaseIterable {
        case plain = "plain"
        case tagged = "tagged"
        case conditional = "tagged, if its tag is new"
        case recent = "tagged, if none of its tag came since a position"
    }

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("conditions") { database in
            try await database.withStore { store in
                let contenders = [1, 64].flatMap { tasks in
                    Kind.allCases.map { contender($0, tasks, bench, store) }
                }
                var report = Report("Conditions", unit: "events", contenders, try await bench.rounds(contenders))
                for tasks in [1, 64] {
                    let tagged = name(.tagged, tasks)
                    report.compare("tag-\(tasks)", tagged, to: name(.plain, tasks), reach: 0.8)
                    report.compare("condition-\(tasks)", name(.conditional, tasks), to: tagged, reach: 0.8)
                    report.compare("condition-recent-\(tasks)", name(.recent, tasks), to: tagged, reach: 0.8)
                }
                return report
            }
        }
    }

    private static func name(_ kind: Kind, _ tasks: Int) -> String { "append \(kind.rawValue), \(tasks) tasks" }

    private static func contender(
        _ kind: Kind, _ tasks: Int, _ bench: Bench, _ store: PostgresEventStore
    ) -> Contender {
        Contender(name(kind, tasks)) {
            let workers = (0..<tasks).map { _ in ConditionalAppends(store: store, kind: kind) }
            return try await ClosedLoop.run(workers, seconds: bench.effort.seconds)
        }
    }
}

/// Begins a stream with every append.
private struct ConditionalAppends: Worker {
    let store: PostgresEventStore
    let kind: ConditionWorkload.Kind
    var random = Xorshift()
    var position = Position.start

    init(store: PostgresEventStore, kind: ConditionWorkload.Kind) {
        self.store = store
        self.kind = kind
    }

    mutating func work() async throws -> Int {
        let stream = try SampleEvent.stream(of: random.uuid())
        var event = SampleEvent.make(id: random.uuid())
        var condition: AppendCondition?
        if kind != .plain {
            let tag = try EventTag("email:\(random.uuid().text)")
            event = event.tagged([tag])
            if kind == .conditional { condition = AppendCondition(noneOf: EventQuery(tags: [tag])) }
            if kind == .recent { condition = AppendCondition(noneOf: EventQuery(tags: [tag]), after: position) }
        }
        let part = StreamAppend([event], to: stream, expecting: .noStream)
        position = try await store.append(Append([part], condition: condition)).position
        return 1
    }
}
