import EventSourcing
import Foundation
import HTTPTesting
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

@testable import HTTPConventions

/// A small API on a port of its own, for tests of its connections.
struct NotesServer: Sendable {
    let port: Int
    private let group: ServiceGroup
    /// What a request to `/notes/slow` waits for.
    let gate: Gate
    /// How many mebibytes of `/notes/large` were written.
    let written: Counter

    /// Serves while `body` runs; then stops, and waits for the end of everything.
    static func run<Outcome: Sendable>(
        limits: ConnectionLimits = ConnectionLimits(), _ body: (NotesServer) async throws -> Outcome
    ) async throws -> Outcome {
        let (gate, written) = (Gate(), Counter())
        let conventions = APIConventions(
            problems: ProblemCatalog(of: ResourceName("note", article: "a"), notFound: .notFound, kinds: []) { _ in nil
            },
            documents: try APIDocuments(openAPI: Data("info: {title: Notes}".utf8), swaggerUI: nil),
            idempotency: IdempotencyMiddleware(tenant: try TenantID("acme")) { _ in nil },
            edge: MessageEdge(tenant: try TenantID("acme"), source: "notes.http", now: { Date() }), readiness: { [] },
            connections: limits, makeID: { UUID.v7() })
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: conventions.router { _, resources in addRoutes(to: resources, gate, written) },
            server: conventions.server,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { running.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "notes") { _ in SwiftLogNoOpLogHandler() })
        let group = ServiceGroup(services: [application], logger: application.logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let result = await Result {
                try await body(NotesServer(port: port, group: group, gate: gate, written: written))
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }

    func stop() async { await group.triggerGracefulShutdown() }

    /// Sends the text, and returns the answers until the server closes the connection.
    func answers(to text: String, methods: [String] = []) async throws -> [RawAnswer] {
        try await RawConnection.open(port: port) { connection in
            await connection.send(text)
            return RawAnswer.all(in: await connection.readToEnd().text, methods: methods)
        }
    }

    private static func addRoutes(
        to routes: RouterGroup<APIRequestContext>, _ gate: Gate, _ written: Counter
    ) {
        routes.get("/notes") { _, _ in Response.json { $0.object { $0.member("notes", "none") } } }
        routes.post("/notes") { request, _ in
            let body = try await request.json()
            return Response.json { $0.object { $0.member("text", body.map { _ in "read" } ?? "none") } }
        }
        routes.post("/notes/unread") { _, _ in Response.json { $0.object { $0.member("text", "unread") } } }
        routes.get("/notes/slow") { _, _ in
            try await gate.pass()
            return Response.json { $0.object { $0.member("text", "slow") } }
        }
        routes.get("/notes/large") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    let mebibyte = ByteBuffer(repeating: 0x78, count: 1 << 20)
                    for _ in 0..<64 {
                        try await writer.write(mebibyte)
                        written.increment()
                        // Writes are handed over to the event loop, which tells what the client reads.
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    try await writer.finish(nil)
                })
        }
        routes.get("/notes/stream") { _, _ in
            var first = ServerSentEvents()
            first.comment("hello")
            return Response.eventStream(from: 0, first: first) { _ in
                try await Task.sleep(for: .seconds(3600))
                return ServerSentEvents()
            }
        }
    }
}

/// Lets tasks pass once it is open.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let opener: AsyncStream<Void>.Continuation
    let arrived = Counter()
    let cancelled = Counter()

    init() { (stream, opener) = AsyncStream.makeStream() }

    func open() { opener.finish() }

    func pass() async throws {
        arrived.increment()
        for await _ in stream {}
        do { try Task.checkCancellation() } catch {
            cancelled.increment()
            throw error
        }
    }
}

/// A number that tests wait for.
final class Counter: Sendable {
    private let state = Mutex<Int>(0)

    var value: Int { state.withLock(\.self) }

    func increment() { state.withLock { $0 += 1 } }

    func wait(until isEnough: (Int) -> Bool) async throws {
        while !isEnough(value) { try await Task.sleep(for: .milliseconds(5)) }
    }
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

extension RawAnswer {
    /// The code of the problem that it is; nil when it is none.
    var code: String? { body.firstMatch(of: /"code":"([^"]*)"/).map { String($0.1) } }

    var isLast: Bool { headers["connection"] == "close" }
}
