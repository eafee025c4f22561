import HTTPTypes
import Hummingbird
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

/// What holds for every route that there is.
@Suite struct EveryRouteTests {
    /// But for the stream of events, whose answer has no end: it is tested with the running program.
    private static func paths(of service: TestService) -> [String: Set<HTTPRequest.Method>] {
        service.api.router().routes.filter { $0.path.description != "/invoices/stream" }.reduce(into: [:]) {
            paths, route in
            let path = route.path.description.replacing("{id}", with: "0190a1b2-0000-7000-8000-000000000001")
                .replacing("{paymentId}", with: "0190a1b2-0000-7000-8000-00000000b001")
                .replacing("{code}", with: "not-found").replacing("{asset}", with: "initializer.js")
            paths[path, default: []].insert(route.method)
        }
    }

    @Test func `OPTIONS tells the methods, and every other one is refused with them`() async throws {
        let service = try TestService()
        let paths = Self.paths(of: service)
        #expect(paths.count > 8)
        try await service.test { client in
            for (path, methods) in paths {
                let all = methods.union(methods.contains(.get) ? [.head, .options] : [.options])
                let allow = all.map(\.rawValue).sorted().joined(separator: ", ")
                let options = try await client.send(.options, path)
                #expect(options.status == 204, "\(path)")
                #expect(options.headers[.allow] == allow, "\(path)")
                for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .trace, .connect]
                where !all.contains(method) {
                    let answer = try await client.send(method, path)
                    #expect(answer.status == 405, "\(method) \(path)")
                    #expect(answer.headers[.allow] == allow, "\(method) \(path)")
                    #expect(answer.headers[.contentType] == "application/problem+json", "\(method) \(path)")
                }
            }
        }
    }

    @Test func `HEAD is answered as GET, without a body`() async throws {
        let service = try TestService()
        let paths = Self.paths(of: service)
        try await service.test { client in
            for (path, methods) in paths where methods.contains(.get) {
                let get = try await client.send(.get, path)
                let head = try await client.send(.head, path)
                #expect(head.status == get.status, "\(path)")
                #expect(head.bytes.isEmpty, "\(path)")
                for name in [HTTPField.Name.contentType, .contentLength, .eTag, .vary] {
                    #expect(head.headers[name] == get.headers[name], "\(path): \(name)")
                }
            }
        }
    }

    @Test func `what is not accepted is a problem`() async throws {
        let service = try TestService()
        let paths = Self.paths(of: service)
        try await service.test { client in
            for (path, methods) in paths {
                for method in methods {
                    let welcome = try await client.send(method, path, headers: [.accept: "a/b;q=0.5, */*;q=0.1"])
                    #expect(welcome.status != 406, "\(method) \(path)")
                    // What is redirected or not found has no media type of its own.
                    guard method != .get || welcome.status == 200 else { continue }
                    for accept in ["image/x-none", "*/*;q=0", "text/nothing, audio/*;q=1"] {
                        let answer = try await client.send(method, path, headers: [.accept: accept])
                        #expect(answer.status == 406, "\(method) \(path) \(accept)")
                        #expect(answer.json["code"] == "not-acceptable", "\(method) \(path) \(accept)")
                    }
                }
            }
        }
    }

    @Test func `what is not there is a problem, below every path`() async throws {
        let service = try TestService()
        let paths = Self.paths(of: service)
        try await service.test { client in
            for path in paths.keys {
                let answer = try await client.send(.get, (path == "/" ? "" : path) + "/a/b/c/d")
                #expect(answer.status == 404, "\(path)")
                #expect(answer.json["code"] == "not-found", "\(path)")
            }
        }
    }
}
