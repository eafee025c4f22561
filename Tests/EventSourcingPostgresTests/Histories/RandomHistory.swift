import AppendWorkload
import EventSourcing
import FoundationEssentials

/// Makes operations that follow from a seed, in a small world of streams, so that they often meet.
struct RandomHistory: Sendable {
    static let limits = AppendLimits(eventSize: 100, events: 8, outcomeSize: 20)

    var random: SplitMix64
    let streams: [StreamName]
    let types: [EventType]
    let sequences: [SequenceName]
    let tags: [EventTag]
    private var lastPosition = Position.start
    private var past: [Append] = []
    private var lastRevisions: [StreamName: Revision] = [:]

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        streams = try ["tests.thing.v1", "tests.thing.v2", "other.thing.v1"].flatMap { category in
            try ["a-1", "a-2", "b-1", "b.c-1"].map { try StreamName("\(category)-\($0)") }
        }
        types = try ["tests.thing.made.v1", "tests.thing.made.v2", "tests.thing.sold.v1", "other.thing.made.v1"].map {
            try EventType($0)
        }
        tags = try ["a:1", "a:2", "b:\"'\\{,}"].map { try EventTag($0) }
        sequences = try ["A", "a", "invoices.2026-x_1"].map { try SequenceName($0) }
    }

    /// Tells where an append came to, so that further ones can expect it.
    mutating func learn(_ outcome: AppendOutcome) {
        lastRevisions.merge(outcome.revisions) { max($0, $1) }
        lastPosition = max(lastPosition, outcome.position)
    }

    mutating func nextOperation() throws -> Operation {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<84: .append(try nextAppend())
        case 84..<91:
            .redact(
                Revision(Int64.random(in: 0..<12, using: &random)), of: random.pick(streams),
                by: random.pick(streams).tenant)
        case 91..<95: .archive(before: Position(Int64.random(in: 0..<150, using: &random)))
        case 95..<99: .restore(random.pick(streams))
        default: .purgeCommands(handledBefore: random.chance(50) ? .distantFuture : Date(timeIntervalSince1970: 0))
        }
    }

    mutating func nextAppend() throws -> Append {
        let append =
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<15 where !past.isEmpty: random.pick(past)
            case 15..<30 where !past.isEmpty: variation(of: random.pick(past))
            default: try newAppend()
            }
        past.append(append)
        return append
    }

    private mutating func newAppend() throws -> Append {
        let (parts, command) = (parts(count: random.chance(70) ? 1 : random.pick([2, 3])), try command())
        return Append(parts, by: command, outcome: outcome(of: command), condition: condition())
    }

    /// Mostly after a position of late, so that some conditions are met.
    private mutating func condition() -> AppendCondition? {
        guard random.chance(30) else { return nil }
        let distance = random.chance(80) ? Int64.random(in: 0..<8, using: &random) : lastPosition.rawValue
        return AppendCondition(noneOf: query(), after: Position(max(0, lastPosition.rawValue - distance)))
    }

    private mutating func query() -> EventQuery {
        EventQuery(
            anyOf: (0..<random.pick([0, 1, 1, 1, 2])).map { _ in
                EventQuery.Clause(
                    streams: random.chance(30) ? Set(some(streams)) : nil,
                    types: random.chance(30) ? Set(some(types)) : nil,
                    tags: random.chance(70) ? Set(some(tags)) : [])
            })
    }

    private mutating func some<Element>(_ elements: [Element]) -> ArraySlice<Element> {
        elements.shuffled(using: &random).prefix(random.pick([0, 1, 1, 2]))
    }

    /// Almost the same: other expectations, another order, fewer, more or other events, another command.
    private mutating func variation(of append: Append) -> Append {
        let parts = append.streams.map { part in
            var events = part.events
            switch Int.random(in: 0..<7, using: &random) {
            case 0: events.reverse()
            case 1: events.append(event())
            case 2: events.insert(event(), at: 0)
            case 3: events = Array(events.dropLast())
            case 4: events += random.pick(past).streams.first?.events ?? []
            default: break
            }
            return StreamAppend(events, to: part.stream, expecting: expectation(of: part.stream))
        }
        let command = random.chance(50) ? append.command : nil
        let condition = random.chance(70) ? append.condition : condition()
        return Append(parts, by: command, outcome: outcome(of: command), condition: condition)
    }

    private mutating func parts(count: Int) -> [StreamAppend] {
        // Streams of one tenant each once, but for a few appends that are to be refused.
        let isProper = random.chance(95)
        var candidates = streams.shuffled(using: &random)
        if isProper { candidates = candidates.filter { $0.tenant == candidates[0].tenant } }
        return (0..<count).map { number in
            let stream = isProper ? candidates[number] : random.pick(streams)
            let size = random.chance(15) ? 0 : random.chance(98) ? random.pick([1, 1, 2, 3]) : 9
            return StreamAppend((0..<size).map { _ in event() }, to: stream, expecting: expectation(of: stream))
        }
    }

    private mutating func expectation(of stream: StreamName) -> ExpectedRevision {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45: .any
        case 45..<80: ExpectedRevision(lastRead: lastRevisions[stream])
        case 80..<88: .streamExists
        case 88..<94: .noStream
        default: .exactly(Revision(Int64.random(in: 0..<8, using: &random)))
        }
    }

    private mutating func event() -> NewEvent {
        var data = EventPayload(bytes: Array(#"{"n":\#(Int.random(in: 0..<100, using: &random))}"#.utf8))
        if random.chance(1) {
            data = random.chance(50) ? .redacted : EventPayload(bytes: Array(repeating: 32, count: 200))
        }
        return NewEvent(
            id: .v7(at: Date(timeIntervalSince1970: 1e9), using: &random), type: random.pick(types), data: data,
            metadata: EventPayload(bytes: Array(random.pick(Self.metadata).utf8)),
            sequence: random.chance(30) ? random.pick(sequences) : nil,
            tags: random.chance(40) ? Set(some(tags)) : [])
    }

    /// Objects with and without members; one that no number fits into; one that claims a number.
    private static let metadata =
        Array(repeating: "{}", count: 20) + Array(repeating: #"{"a" : 1}"#, count: 20)
        + ["{ \n}", "[]", #"{"sequence\u004eumber":1}"#]

    /// With a command, now and then; without one, seldom, for that is to be refused.
    private mutating func outcome(of command: CommandKey?) -> [UInt8]? {
        guard random.chance(command == nil ? 1 : 60) else { return nil }
        return (0..<random.pick([0, 1, 5, 20, random.chance(90) ? 2 : 21])).map { _ in random.pick([0, 65, 255]) }
    }

    private mutating func command() throws -> CommandKey? {
        guard random.chance(30) else { return nil }
        return try CommandKey(id: random.pick(Self.commandIDs), requestHash: [random.chance(80) ? 1 : 2])
    }

    private static let commandIDs = (1...12).map { "c\($0)" }
}

// MARK: - Questions

extension RandomHistory {
    mutating func nextQuestion() throws -> Question {
        let direction: ReadDirection = random.chance(50) ? .forwards : .backwards
        let limit = random.pick([1, 2, 5, 500])
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<15:
            let start = Position(Int64.random(in: 0..<100, using: &random))
            return .query(query(), random.pick(streams).tenant, after: random.chance(50) ? .start : start, limit: limit)
        case 15..<20:
            return .tags((1..<200).map { Position($0) }, random.pick(streams).tenant)
        case 20..<45:
            let start = random.chance(50) ? nil : Revision(Int64.random(in: 0..<15, using: &random))
            return .stream(random.pick(streams), from: start, direction, limit: limit)
        case 45..<90:
            let start = random.chance(50) ? nil : Position(Int64.random(in: 0..<150, using: &random))
            return .log(after: start, direction, try filter(), limit: limit)
        case 90..<97: return .command(random.pick(Self.commandIDs), random.pick(streams).tenant)
        default: return .head
        }
    }

    private mutating func filter() throws -> LogFilter {
        var filter = LogFilter.all
        if random.chance(40) { filter.tenant = random.pick(streams).tenant }
        if random.chance(40) {
            let categories = try streams.map { try StreamCategory(String($0.category)) }
            filter.categories = Set(categories.shuffled(using: &random).prefix(random.pick([0, 1, 1, 2])))
        }
        if random.chance(40) { filter.types = Set(types.shuffled(using: &random).prefix(random.pick([0, 1, 2]))) }
        if random.chance(40) {
            let prefix = try EventTypePrefix(
                random.pick(["tests.", "tests.thing.made.v", "privacy.", "other.thing", "no"]))
            filter.typePrefixes = random.chance(90) ? [prefix] : []
        }
        return filter
    }
}
