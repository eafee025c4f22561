import EventSourcing
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPConventions

/// The conventions as another context than that of the service uses them.
@Suite struct NotesTests {
    private struct NoSuchNote: Error {}

    private static let noteNotFound = ProblemKind(
        "note-not-found", .notFound, title: "There is no such note", advice: "List the notes.")

    private static let problems = ProblemCatalog(
        of: ResourceName("note", article: "a"), notFound: noteNotFound, kinds: [noteNotFound]
    ) { $0 is NoSuchNote ? Problem(noteNotFound) : nil }

    private static func test(_ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        let conventions = APIConventions(
            problems: problems,
            documents: try APIDocuments(openAPI: Data("info: {title: 'Notes & more'}".utf8), swaggerUI: nil),
            idempotency: IdempotencyMiddleware(tenant: try TenantID("acme")) { _ in nil },
            edge: MessageEdge(tenant: try TenantID("acme"), source: "notes.http", now: { Date() }),
            readiness: { [HealthCheck(name: "store")] }, makeID: { UUID.v7() })
        let router = conventions.router { _, resources in
            resources.get("/notes/:id") { _, context in
                guard try context.id() == UUID(text: Self.id) else { throw NoSuchNote() }
                return Response.json(tagged: .resource(Revision(3))) { $0.object { $0.member("text", "a note") } }
            }
            resources.put("/notes/:id") { request, _ in
                try await request.ifMatch().satisfied { expected in
                    guard expected == .exactly(Revision(3)) else {
                        throw WrongExpectedRevision(
                            stream: try StreamName("notes.note.v1-acme-1"), expected: expected ?? .any,
                            actual: Revision(3)
                        )
                    }
                    return Response(status: .noContent)
                }
            }
        }
        let application = Application(router: router, server: conventions.server)
        try await application.test(.router, body)
    }

    private static let id = "0190a1b2-0000-7000-8000-000000000001"

    private static func problem(_ response: TestResponse) throws -> [String: String] {
        let object = try JSONSerialization.jsonObject(with: Data(Array(buffer: response.body))) as? [String: Any]
        return try #require(object).mapValues { "\($0)" }
    }

    @Test func `a context's own errors are its own problems`() async throws {
        try await Self.test { client in
            let missing = try await client.send("/notes/0190a1b2-0000-7000-8000-000000000002", method: .get)
            #expect(missing.status == .notFound)
            #expect(try Self.problem(missing)["code"] == "note-not-found")
            let kind = try await client.send("/problems/note-not-found", method: .get)
            #expect(try Self.problem(kind)["advice"] == "List the notes.")
        }
    }

    @Test func `the problems that every API has speak of what this one serves`() async throws {
        try await Self.test { client in
            let changed = try await client.send("/notes/\(Self.id)", method: .put, headers: [.ifMatch: "\"2\""])
            #expect(changed.status == .preconditionFailed)
            #expect(changed.headers[.eTag] == "\"3\"")
            let problem = try Self.problem(changed)
            #expect(problem["title"] == "The note has changed since")
            #expect(
                problem["detail"]
                    == "The note is at revision 3, which If-Match does not name. Read it again and decide anew.")
        }
    }

    private struct Failure: CategorizedError { let category: ErrorCategory }

    @Test(arguments: [
        (ErrorCategory.validation, "validation-failed", 422), (.conflict, "concurrent-change", 409),
        (.transient, "unavailable", 503), (.poison, "internal-error", 500), (.fatal, "internal-error", 500),
    ])
    func `the sender of a request is told what its error's category says`(
        category: ErrorCategory, code: String, status: Int
    ) {
        let problem = Self.problems.problem(for: Failure(category: category))
        #expect(problem.kind.code == code && problem.kind.status.code == status)
        #expect((problem.headers[.retryAfter] != nil) == (category == .transient))
        #expect(Self.problems.problem(for: NoSuchNote() as any Error).kind.code == "note-not-found")
    }

    @Test func `a command's wrong fields and its refusal are told`() {
        let fields = Self.problems.problem(for: InvalidFields([FieldError("/a", .required, "Write a.")]))
        #expect(fields.errors == [ProblemError(.body("/a"), .required, "Write a.")])
        let refused = Self.problems.problem(for: CommandRefused(command: "notes.note.write", reason: "it is full"))
        #expect(refused.kind == .validationFailed && refused.detail == "it is full")
    }

    @Test func `resources have conditions, HEAD and the methods of their path`() async throws {
        try await Self.test { client in
            let path = "/notes/\(Self.id)"
            let tag = try #require(try await client.send(path, method: .get).headers[.eTag])
            let known = try await client.send(path, method: .get, headers: [.ifNoneMatch: tag])
            #expect(known.status == .notModified)
            let head = try await client.send(path, method: .head)
            #expect(head.headers[.contentLength] == "17")
            #expect(head.body.readableBytes == 0)
            let refused = try await client.send(path, method: .delete)
            #expect(refused.headers[.allow] == "GET, HEAD, OPTIONS, PUT")
            let unmet = try await client.send(path, method: .put, headers: [.ifNoneMatch: "*"])
            #expect(unmet.status == .preconditionFailed)
        }
    }

    @Test func `the page of the documentation is called as the document is`() async throws {
        try await Self.test { client in
            let page = try await client.send("/api", method: .get)
            #expect(String(buffer: page.body).contains("<title>Notes &amp; more</title>"))
        }
    }
}

extension TestClientProtocol {
    fileprivate func send(
        _ path: String, method: HTTPRequest.Method, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        try await executeRequest(uri: path, method: method, headers: headers, body: nil)
    }
}
