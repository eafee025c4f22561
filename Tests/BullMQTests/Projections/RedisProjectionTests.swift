import BullMQ
import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// A shelf, and the books on it.
private struct Shelf: EventSourced {
    private(set) var titles: [String] = []

    mutating func evolve(_ event: ShelfEvent) {
        switch event {
        case .put(let title): titles.append(title)
        }
    }
}

private enum ShelfEvent: DomainEvent {
    case put(String)

    enum Name: String, CaseIterable, Sendable { case put = "tests.shelf.put.v1" }

    var name: Name { .put }

    func encode() throws -> EventPayload {
        switch self {
        case .put(let title): try EventPayload(encoding: [title])
        }
    }

    init(_ name: Name, from payload: EventPayload) throws { self = .put(try payload.decode([String].self).joined()) }
}

/// The titles of a shelf in alphabetical order.
private final class Titles: StreamProjection {
    struct Unreadable: Error {}

    /// A shelf with this book cannot be listed.
    let unreadable = Mutex<String?>(nil)

    func row(of state: Shelf, in stream: StreamName) throws -> [String]? {
        if let title = unreadable.withLock({ $0 }), state.titles.contains(title) { throw Unreadable() }
        return state.titles.sorted()
    }
}

@Suite(.timeLimit(.minutes(5))) struct RedisProjectionTests {
    private let store = InMemoryEventStore()
    private let titles = Titles()

    private func target(_ client: RedisClient, _ name: String = "titles") -> RedisProjection<Titles> {
        RedisProjection(
            name: name, filter: LogFilter(categories: [Self.category]), pipeline: "library", projection: titles,
            reader: store, client: client)
    }

    // swift-format-ignore: NeverUseForceTry
    private static let category = try! StreamCategory(context: "tests", aggregate: "shelf", schema: 1)

    private func stream(_ shelf: String) throws -> StreamName {
        try StreamName(category: Self.category, tenant: TenantID("core"), entityID: shelf)
    }

    private func put(_ title: String, on shelf: String) async throws {
        let context = MessageContext(
            tenant: try TenantID("core"), correlationID: "test", source: "tests", now: Date(timeIntervalSince1970: 9))
        _ = try await AggregateStore<Shelf>(store).transact(stream(shelf), in: context) { _ in [.put(title)] }
    }

    /// Runs the projection until it has seen the whole log, and `isDone`.
    private func run(
        _ target: RedisProjection<Titles>, until isDone: () async throws -> Bool = { true }
    ) async throws {
        let applied = PositionSignal()
        var configuration = ProjectionRunner.Configuration()
        configuration.batchSize = 3
        configuration.pollInterval = .milliseconds(20)
        let runner = ProjectionRunner(
            reading: store, into: target, appended: store.appended, applied: applied, configuration: configuration,
            logger: .silent)
        let group = ServiceGroup(services: [runner], logger: .silent)
        let head = try await store.head()
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            #expect(try await applied.wait(until: head, atMost: .seconds(60)))
            while try await !isDone() { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `a user's projection in Redis has the rows of whole streams, and goes on after a restart`() async throws
    {
        try await withClient { client, _ in
            for number in 0..<10 { try await put("\(9 - number)", on: number < 7 ? "a" : "b") }
            try await run(target(client))
            let first = try #require(try await target(client).row(of: stream("a")))
            #expect(first.json == #"["3","4","5","6","7","8","9"]"# && first.revision == Revision(6))
            try await put("z", on: "b")
            try await run(target(client))
            let second = try #require(try await target(client).row(of: stream("b")))
            #expect(second.json == #"["0","1","2","z"]"# && second.revision == Revision(3))
            let keys = try await client.send(RedisCommand("KEYS", "core:*")).array?.compactMap(\.text)
            #expect(
                keys?.sorted() == ["core:library:titles:tests.shelf.v1:a", "core:library:titles:tests.shelf.v1:b"])
            #expect(try await target(client).load(0, of: Partitioning(1)).checkpoint.position == Position(11))
        }
    }

    @Test func `of two owners of one version one commits, and the other changes nothing`() async throws {
        try await withClient { client, _ in
            try await put("1", on: "a")
            let target = target(client)
            let events = try await store.readLog(after: nil, .forwards, limit: 9)
            func commit(leadingTo version: Int64, _ events: [RecordedEvent]) -> ProjectionCommit {
                ProjectionCommit(
                    partition: 0, version: 0, nextVersion: version,
                    checkpoint: Checkpoint(incarnation: nil, position: Position(1), eventID: events.last?.id),
                    applied: events)
            }
            try await target.commit(commit(leadingTo: 7, []))
            await #expect(throws: CheckpointMoved(projection: "titles", partition: 0)) {
                try await target.commit(commit(leadingTo: 8, events))
            }
            #expect(try await target.row(of: stream("a")) == nil)
            #expect(try await target.load(0, of: Partitioning(1)).version == 7)
        }
    }

    @Test func `a stream that has no row is parked, the others go on, and it is tried again`() async throws {
        try await withClient { client, _ in
            let target = target(client)
            titles.unreadable.withLock { $0 = "bad" }
            for title in ["good", "bad", "later"] {
                try await put(title, on: "a")
                try await put(title == "bad" ? "fine" : title, on: "b")
            }
            try await run(target)
            #expect(try await target.row(of: stream("a"))?.json == #"["good"]"#)
            #expect(try await target.row(of: stream("b"))?.json == #"["fine","good","later"]"#)
            #expect(try await target.load(0, of: Partitioning(1)).parked == [stream("a"): false])
            let parked = try await target.parkedPositions(of: stream("a"), in: 0, limit: 9)
            #expect(parked == [Position(3), Position(5)])
            titles.unreadable.withLock { $0 = nil }
            try await target.retry(stream("a"))
            try await run(target) { try await target.load(0, of: Partitioning(1)).parked.isEmpty }
            #expect(try await target.row(of: stream("a"))?.json == #"["bad","good","later"]"#)
        }
    }

    @Test func `a projection of another name is built from the beginning beside the old one`() async throws {
        try await withClient { client, _ in
            for title in ["1", "2"] { try await put(title, on: "a") }
            try await run(target(client))
            try await run(target(client, "titles2"))
            for name in ["titles", "titles2"] {
                #expect(try await target(client, name).row(of: stream("a"))?.json == #"["1","2"]"#)
            }
        }
    }
}
